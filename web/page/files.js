// Loads checkpoints and images into the program: fetched, dropped or chosen.
import { LocalFile } from "./checkpoint.js";
import { sourceOf, takeDrop, unreadable } from "./drop.js";
import { isImage, readImage, readThumbnail } from "./images.js";

async function isImageFile(file) {
  const head = await file.slice(0, 8).arrayBuffer().catch((error) => { throw unreadable(file.name, error); });
  return isImage(file, new Uint8Array(head));
}

export class Files {
  #program;
  #say;
  #names = new Map();  // file → name, of the offered models
  #ticket = 0;         // of the latest request; others are stale
  #beside;             // the model to compare with, or on its way
  #reopen;             // reads the open model again
  #fetched;            // the model on its way
  #hosted;

  // `hosted`: HostedModels.
  constructor(program, hosted, say) {
    this.#program = program;
    this.#hosted = hosted;
    this.#say = say;
  }

  // models/index.json: [{"name": "digits", "file": "digits.safetensors"}, …]. May be missing.
  async offerModels() {
    const offers = await this.#hosted.offers.catch(({ message }) => {
      this.#say(message);
      return [];
    });
    for (const { name, file } of offers) {
      this.#names.set(file, name);
      this.#program.ccall("page_offer_model", null, ["string", "string"], [name, file]);
    }
    this.#program._page_end_offers();
    for (const [index, { thumbnail }] of offers.entries()) this.#showThumbnail(index, thumbnail);
    if (!this.#fetched) this.#showTrouble();
  }

  // A list without images is still a list.
  async #showThumbnail(index, thumbnail) {
    const image = await readThumbnail(thumbnail).catch(() => null);
    if (!image) return;
    this.#hand(image.data, (place) => this.#program._page_take_thumbnail(index, place, image.width, image.height));
  }

  async fetchModel(file) {
    const name = this.#names.get(file) ?? file;
    const ticket = ++this.#ticket;
    this.#fetched?.stop();
    const served = this.#fetched = this.#hosted.fetch(file);
    served.onProgress = (received, total) => this.#showLoading(name, received, total);
    this.#program._page_quiet();
    this.#showLoading(name, 0, 0);
    try {
      const parts = await served.read((...head) => ticket === this.#ticket && this.#plan(name, ...head));
      if (parts && ticket === this.#ticket) this.#open(name, parts, () => this.fetchModel(file));
    } catch (error) {
      if (ticket === this.#ticket) this.#say(`${name}: could not be fetched: ${error.message}. Click its name in the list to try again.`);
    }
    if (ticket !== this.#ticket) return;
    this.#endFetch();
    this.#showTrouble();
  }

  // A model to compare the open one with.
  async fetchBeside(file) {
    const name = this.#names.get(file) ?? file;
    this.stopBeside();
    const served = this.#beside = this.#hosted.fetch(file);
    const isWanted = () => served === this.#beside;
    served.onProgress = (received, total) => isWanted() && this.#program._page_loading_beside(received, total);
    try {
      const parts = await served.read((...head) => isWanted() && this.#plan(name, ...head));
      if (!isWanted()) return;
      if (parts && this.#fill(parts)) this.#program.ccall("page_open_beside", null, ["string"], [name]);
      else this.#program._page_loading_beside(-1, 0);
    } catch ({ message }) {
      if (!isWanted()) return;
      this.#program._page_loading_beside(-1, 0);
      throw new Error(`${name}: could not be fetched: ${message}`);
    }
  }

  stopBeside() {
    this.#beside?.stop();
    this.#beside = undefined;
  }

  #endFetch() {
    this.#fetched?.stop();
    this.#fetched = undefined;
    this.#showLoading("", 0, 0);
  }

  // In the middle of the screen as long as no model has been opened: there is nothing else to see.
  #showTrouble() {
    const message = this.#program.ccall("page_message", "string");
    if (message && !this.#reopen) pumiceCover(message, false, true);
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
    if (this.#fetched) return;
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
    this.#endFetch();
    const name = source.name.replace(/\.safetensors$/, "");
    const parts = await new LocalFile(file, source.name).read((...head) => this.#plan(name, ...head));
    return parts !== null && this.#open(name, parts, async () => this.#openFile(source, await source.anew()));
  }

  // See checkpoint.js.
  #plan(name, head, bytes) {
    const program = this.#program;
    const at = this.#hand(head, (place) => program.ccall(
      "page_plan", "number", ["string", "number", "number", "number"], [name, place, head.length, bytes]));
    if (!at) return null;
    const [address, size, count] = program.HEAPF64.subarray(at / 8, at / 8 + 3);
    const bounds = program.HEAPF64.slice(at / 8 + 3, at / 8 + 3 + 2 * count);
    const ranges = Array.from({ length: count }, (_, i) => [bounds[2 * i], bounds[2 * i + 1]]);
    return { header: program.HEAPU8.slice(address, address + size), ranges };
  }

  // Copies the parts to where page_open looks for them; false if there is no room.
  #fill(parts) {
    const program = this.#program;
    let place = program._page_room(parts.reduce((sum, { length }) => sum + length, 0));
    if (!place) return false;
    for (const part of parts) {
      program.HEAPU8.set(part, place);
      place += part.length;
    }
    return true;
  }

  // Returns whether the model is open now.
  #open(name, parts, reopen) {
    if (!this.#fill(parts)) return false;
    const program = this.#program;
    if (!program.ccall("page_open", "number", ["string"], [name])) return false;
    if (!this.#reopen) pumiceCover("");
    this.#reopen = reopen;
    return true;
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
