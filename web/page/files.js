// Loads checkpoints and images into the program: fetched, dropped or chosen.
import { sourceOf, takeDrop, unreadable } from "./drop.js";
import { isImage, readImage } from "./images.js";

// `progress(received, total)` returns whether the file is still wanted; total is 0 if the server
// does not send it.
async function download(response, progress) {
  const total = response.headers.has("content-encoding") ? 0
    : Number(response.headers.get("content-length"));
  const reader = response.body.getReader();
  const parts = [];
  let received = 0;
  for (let part; !(part = await reader.read()).done;) {
    parts.push(part.value);
    received += part.value.length;
    if (!progress(received, total)) await reader.cancel();
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// [{ name, file }, …]; throws an error with a message for the user.
async function fetchOffers() {
  const response = await fetch("models/index.json").catch(() => null);
  const text = response?.ok ? await response.text() : "[]";
  if (/^\s*</.test(text)) return [];  // some servers return a page for any address
  const isOffer = (offer) => typeof offer?.name === "string" && typeof offer.file === "string";
  try {
    const offers = JSON.parse(text);
    if (Array.isArray(offers) && offers.every(isOffer)) return offers;
  } catch {}
  throw new Error('models/index.json: expected [{"name": "digits", "file": "digits.safetensors"}, …].');
}

// The bytes of a Blob; throws an error with a message for the user.
function bytesOf(blob, name) {
  return blob.arrayBuffer().then((buffer) => new Uint8Array(buffer), (error) => {
    throw unreadable(name, error);
  });
}

async function isImageFile(file) {
  return isImage(file, await bytesOf(file.slice(0, 8), file.name));
}

export class Files {
  #program;
  #say;
  #names = new Map();  // file → name, of the offered models
  #ticket = 0;         // of the latest request; others are stale
  #reopen;             // reads the open model again
  #fetches = false;    // whether a model is on its way

  constructor(program, say) {
    this.#program = program;
    this.#say = say;
  }

  // models/index.json: [{"name": "digits", "file": "digits.safetensors"}, …]. May be missing.
  async offerModels() {
    const offers = await fetchOffers().catch(({ message }) => {
      this.#say(message);
      return [];
    });
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
      const isWanted = ticket === this.#ticket;
      if (isWanted) this.#showLoading(name, received, total);
      return isWanted;
    };
    this.#program._page_quiet();
    progress(0, 0);
    this.#fetches = true;
    try {
      const response = await fetch(`models/${file}`);
      if (!response.ok) throw new Error(`the server returned ${response.status}`);
      const bytes = await download(response, progress);
      if (ticket === this.#ticket) this.#open(name, bytes, () => this.fetchModel(file));
    } catch (error) {
      if (ticket === this.#ticket) this.#say(`${name}: could not be fetched: ${error.message}. Click it to try again.`);
    }
    if (ticket !== this.#ticket) return;
    this.#fetches = false;
    this.#showLoading("", 0, 0);
  }

  acceptDrops() {
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      this.#accept(takeDrop(event.dataTransfer));
    });
  }

  choose() {
    const input = Object.assign(document.createElement("input"), { type: "file" });
    input.addEventListener("change", () => this.#accept([...input.files].map(sourceOf)));
    input.click();
  }

  // After the device was replaced. A model on its way will use the new one.
  async reopen() {
    if (this.#fetches) return;
    await this.#reopen?.().catch(({ message }) => this.#say(message));
  }

  // One rejected file does not prevent opening the others.
  async #accept(arriving) {
    this.#program._page_quiet();
    const problems = [];
    const complain = (error) => { problems.push(error.message); };
    const models = [], images = [];
    for (const { value: source, reason } of await Promise.allSettled(arriving)) {
      if (reason) complain(reason);
      else await this.#sort(source, models, images).catch(complain);
    }
    const taken = { checkpoints: 0, images: 0 };
    for (const source of models) {
      await this.#openFile(source, source.file).then((opened) => { taken.checkpoints += opened; }, complain);
    }
    for (const { file } of images) await this.#takeImage(file).then((shown) => { taken.images += shown; }, complain);
    for (const [kind, count] of Object.entries(taken)) {
      if (count > 1) problems.push(`${count} ${kind} were dropped; the page shows only the last.`);
    }
    for (const problem of problems) this.#say(problem);
  }

  async #sort(source, models, images) {
    const file = await source.read();
    (await isImageFile(file) ? images : models).push({ ...source, file });
  }

  // Returns whether the file is now open.
  async #openFile(source, file) {
    ++this.#ticket;
    this.#fetches = false;
    this.#showLoading("", 0, 0);  // of the previous request
    const bytes = await bytesOf(file, source.name);
    return this.#open(source.name.replace(/\.safetensors$/, ""), bytes,
      async () => this.#openFile(source, await source.anew()));
  }

  #open(name, bytes, reopen) {
    const opened = this.#hand(bytes, (place) => this.#program.ccall(
      "page_open", "number", ["string", "number", "number"], [name, place, bytes.length]));
    if (opened) this.#reopen = reopen;
    return Boolean(opened);
  }

  // Returns whether the image is now shown.
  async #takeImage(file) {
    const program = this.#program;
    if (!program.ccall("page_wants_image", "number", ["string"], [file.name])) return false;
    const shape = [0, 1, 2].map((axis) => program._page_image_extent(axis));
    const background = program.ccall("page_image_background", "string");
    const values = await readImage(file, shape, background).catch(() => {
      throw new Error(`${file.name}: the browser cannot read this as an image. Drop a PNG or JPEG file.`);
    });
    this.#hand(new Uint8Array(values.buffer), (place) => program.ccall(
      "page_take_image", null, ["string", "number", "number"], [file.name, place, values.length]));
    return true;
  }

  // Copies `bytes` into the program's memory and calls `use` with their address.
  #hand(bytes, use) {
    const place = this.#program._malloc(bytes.length);
    if (!place) throw new Error(`The browser does not allow this page another ${bytes.length} bytes of memory. Close other tabs.`);
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
