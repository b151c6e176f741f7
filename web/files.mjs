// Brings checkpoints and pictures into the program: fetched, dropped or chosen.
import { isPicture, readPicture } from "./pictures.mjs";

// `progress(received, total)`; total is 0 where the server does not say.
async function download(response, progress) {
  const total = response.headers.has("content-encoding") ? 0
    : Number(response.headers.get("content-length"));
  const reader = response.body.getReader();
  const parts = [];
  let received = 0;
  for (let part; !(part = await reader.read()).done;) {
    parts.push(part.value);
    received += part.value.length;
    progress(received, total);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

export class Files {
  #program;
  #say;
  #names = new Map();  // of the offered files
  #ticket = 0;         // of what was asked for last: the rest is stale
  #reopen;             // reads the open model once more

  constructor(program, say) {
    this.#program = program;
    this.#say = say;
  }

  // models/index.json: [{"name": "digits", "file": "digits.safetensors"}, …]. May be missing.
  async offerModels() {
    const response = await fetch("models/index.json").catch(() => null);
    const offers = response?.ok ? await response.json().catch(() => []) : [];
    for (const { name, file } of offers) {
      this.#names.set(file, name);
      this.#program.ccall("page_offer_model", null, ["string", "string"], [name, file]);
    }
    this.#program._page_end_offers();
  }

  async fetchModel(file) {
    const name = this.#names.get(file) ?? file;
    const ticket = ++this.#ticket;
    const progress = (received, total) => {
      if (ticket === this.#ticket) this.#showLoading(name, received, total);
    };
    progress(0, 0);
    try {
      const response = await fetch(`models/${file}`);
      if (!response.ok) throw new Error(`the server answers ${response.status}`);
      const bytes = await download(response, progress);
      if (ticket === this.#ticket) this.#open(name, bytes, () => this.fetchModel(file));
    } catch (error) {
      if (ticket === this.#ticket) this.#say(`${name}: could not be fetched: ${error.message}. Click it to try again.`);
    }
    if (ticket === this.#ticket) this.#showLoading("", 0, 0);
  }

  acceptDrops() {
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      this.#accept(event.dataTransfer.files);
    });
  }

  choose() {
    const input = Object.assign(document.createElement("input"), { type: "file" });
    input.addEventListener("change", () => this.#accept(input.files));
    input.click();
  }

  // After the device was lost.
  async reopen() {
    await this.#reopen?.();
  }

  async #accept(files) {
    for (const file of files) {
      const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
      if (isPicture(file, head)) await this.#takePicture(file);
      else await this.#openFile(file);
    }
  }

  async #openFile(file) {
    ++this.#ticket;
    const bytes = new Uint8Array(await file.arrayBuffer());
    this.#open(file.name.replace(/\.safetensors$/, ""), bytes, () => this.#openFile(file));
  }

  #open(name, bytes, reopen) {
    const opened = this.#hand(bytes, (place) => this.#program.ccall(
      "page_open", "number", ["string", "number", "number"], [name, place, bytes.length]));
    if (opened) this.#reopen = reopen;
  }

  async #takePicture(file) {
    const program = this.#program;
    if (!program.ccall("page_wants_picture", "number", ["string"], [file.name])) return;
    const shape = [0, 1, 2].map((axis) => program._page_picture_extent(axis));
    try {
      const background = program.ccall("page_picture_background", "string");
      const values = await readPicture(file, shape, background);
      this.#hand(new Uint8Array(values.buffer), (place) => program.ccall(
        "page_take_picture", null, ["string", "number", "number"], [file.name, place, values.length]));
    } catch {
      this.#say(`${file.name}: the browser cannot read this as a picture. Drop a PNG or JPEG file.`);
    }
  }

  // Calls `use` with the place of `bytes` in the program's memory.
  #hand(bytes, use) {
    const place = this.#program._malloc(bytes.length);
    if (!place) return this.#say(`The browser gives this page no ${bytes.length} bytes of memory. Close other tabs.`);
    this.#program.HEAPU8.set(bytes, place);
    try {
      return use(place);
    } finally {
      this.#program._free(place);
    }
  }

  #showLoading(name, received, total) {
    this.#program.ccall("page_loading", null, ["string", "number", "number"], [name, received, total]);
  }
}
