// Reads the part of a checkpoint that the page needs: first the header, then ranges of the file.
// `plan(head, bytes)` takes a file's header and its size, and returns { header, ranges }: the header of
// a smaller file, and the [begin, end] of its data in this one; nothing if this is not a checkpoint.
import { unreadable } from "./drop.js";

const kLengthBytes = 8;
const kMostHeader = 100_000_000;
const kWorth = 0.75;  // ranges are fetched if they are a smaller part of the file than this

// Where the data of a file begins that begins with `head`; at first only its length is known.
function dataBegin(head) {
  if (head.length < kLengthBytes) return kLengthBytes;
  return kLengthBytes + Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
}

function concatenate(parts) {
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const headOf = (bytes) => bytes.subarray(0, Math.min(bytes.length, dataBegin(bytes)));
const sizeOf = ({ ranges }) => ranges.reduce((sum, [begin, end]) => sum + end - begin, 0);

// In an exported file, everything is needed.
const isExported = (head) => new TextDecoder().decode(head).includes('"exported":"');

// A file on the user's machine.
export class LocalFile {
  #blob;
  #name;

  constructor(blob, name) {
    this.#blob = blob;
    this.#name = name;
  }

  async #bytes(begin, end) {
    const buffer = await this.#blob.slice(begin, end).arrayBuffer().catch((error) => {
      throw unreadable(this.#name, error);
    });
    return new Uint8Array(buffer);
  }

  // The parts of the smaller file, in order; null without a plan.
  async read(plan) {
    const length = await this.#bytes(0, kLengthBytes);
    const head = await this.#bytes(0, Math.min(dataBegin(length), kMostHeader));
    const planned = plan(head, this.#blob.size);
    if (!planned) return null;
    return [planned.header, ...await Promise.all(planned.ranges.map((range) => this.#bytes(...range)))];
  }
}

// A file on the server, which begins to arrive at once.
export class ServedFile {
  #url;
  #control = new AbortController();
  #parts = [];
  #received = 0;
  #total = 0;       // 0 if the server does not say
  #takesRanges;
  #etag;
  #reader;
  #isWhole = false;
  #begun;
  onProgress = () => {};  // (received, total)

  // `response`: of a request for the whole file, if there is one already.
  constructor(url, response) {
    this.#url = url;
    this.#begun = this.#begin(response);
    this.#begun.catch(() => {});  // read() reports it
  }

  stop() {
    this.#control.abort();
  }

  // As LocalFile's.
  async read(plan) {
    await this.#begun;
    if (!this.#total) await this.#receive();
    const head = headOf(this.#bytes());
    const size = this.#total || this.#received;
    const planned = plan(head, size);
    if (!planned) {
      this.stop();
      return null;
    }
    if (!this.#isWhole && this.#takesRanges && sizeOf(planned) < kWorth * size) return this.#fetchRanges(planned, plan);
    await this.#receive();
    const all = this.#bytes();
    return [planned.header, ...planned.ranges.map((range) => all.subarray(...range))];
  }

  // Goes as far as it can without a plan.
  async #begin(response) {
    const isRepeated = Boolean(response);
    response ??= await fetch(this.#url, { signal: this.#control.signal });
    if (!response.ok) throw new Error(`the server returned ${response.status}`);
    const { headers } = response;
    this.#total = headers.has("content-encoding") ? 0 : Number(headers.get("content-length"));
    this.#takesRanges = !isRepeated && this.#total > 0 && headers.get("accept-ranges") === "bytes";
    this.#etag = headers.get("etag");
    this.#reader = response.body.getReader();
    await this.#receive(() => this.#takesRanges && this.#hasPlainHeader());
  }

  #hasPlainHeader() {
    const bytes = this.#bytes();
    return bytes.length >= kLengthBytes && bytes.length >= dataBegin(bytes) && !isExported(headOf(bytes));
  }

  async #receive(isEnough = () => false) {
    while (!this.#isWhole && !isEnough()) {
      const { done, value } = await this.#reader.read();
      this.#isWhole = done;
      if (done) return;
      this.#parts.push(value);
      this.#received += value.length;
      this.onProgress(this.#received, this.#total);
    }
  }

  #bytes() {
    this.#parts = [concatenate(this.#parts)];
    return this.#parts[0];
  }

  async #fetchRanges(planned, plan) {
    this.stop();
    this.#control = new AbortController();
    const total = sizeOf(planned);
    const parts = [planned.header];
    let before = 0;
    for (const [begin, end] of planned.ranges) {
      const response = await this.#fetchRange(begin, end);
      if (response.status === 200) return this.#readAnew(response, plan);
      if (response.status !== 206) throw new Error(`the server returned ${response.status}`);
      parts.push(await this.#part(response, end - begin, (received) => this.onProgress(before + received, total)));
      before += end - begin;
    }
    return parts;
  }

  // If the file has changed since its header came, the server sends all of it.
  #fetchRange(begin, end) {
    const headers = { range: `bytes=${begin}-${end - 1}` };
    if (this.#etag && !this.#etag.startsWith("W/")) headers["if-range"] = this.#etag;
    return fetch(this.#url, { headers, signal: this.#control.signal });
  }

  async #part(response, size, progress) {
    const bytes = new Uint8Array(size);
    let received = 0;
    for (const reader = response.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (received + value.length > size) throw new Error("the server sent more than was asked for");
      bytes.set(value, received);
      received += value.length;
      progress(received);
    }
    if (received < size) throw new Error(`the server sent ${received} of ${size} bytes`);
    return bytes;
  }

  #readAnew(response, plan) {
    const file = new ServedFile(this.#url, response);
    file.#control = this.#control;
    file.onProgress = (...counts) => this.onProgress(...counts);
    return file.read(plan);
  }
}
