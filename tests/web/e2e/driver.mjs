// What the checks do with the page: find items by label, click, drag, drop, compare.
import assert from "node:assert";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

const kTolerance = 2e-3;
const kLatents = [0, 1, 2];
const kPatience = 30000;  // milliseconds: the machine may be busy

// Polls `happens` until it resolves to a truthy value.
export async function until(happens) {
  for (const end = Date.now() + kPatience; ;) {
    if (await happens()) return;
    if (Date.now() > end) throw new Error("it does not happen");
    await new Promise((done) => setTimeout(done, 100));
  }
}

export const floats = (path) => {
  const bytes = readFileSync(path);
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
};

export class Driver {
  // `folder`: holds the native images; `screenshots`: a folder, or undefined.
  constructor(page, address, folder, screenshots) {
    Object.assign(this, { page, address, folder, screenshots });
    this.errors = [];  // unhandled ones
    this.device = "";  // "webgpu" or "cpu" for one of them, instead of what the page chooses
    page.on("pageerror", ({ message }) => this.errors.push(message));
  }

  // Reloads the page, even if only the part after '#' differs. Resolves once the program runs.
  async go(hash = "") {
    await this.page.goto("about:blank");
    await this.page.goto(`${this.address}/index.html${this.device && `?device=${this.device}`}#${hash}`);
    await this.page.waitForFunction(() => globalThis.pumice);
  }

  // The rectangle of the item with this label, in CSS pixels; waits until the page draws it and it stays in
  // place for two frames: what has just changed may move it, as a message does that disappears. A new tab
  // has an empty rectangle in its first frame.
  async item(label) {
    const before = await this.page.evaluateHandle(() => ({ box: [], frame: 0 }));
    const found = await this.page.waitForFunction(([text, last]) => {
      const place = pumice.ccall("page_item", "number", ["string"], [text]) / 4;
      const box = place ? [...pumice.HEAPF32.subarray(place, place + 4)] : [0, 0, 0, 0];
      const frame = pumice._page_frame_count();
      const isSame = box[2] > box[0] && box.every((value, i) => value === last.box[i]);
      if (isSame && frame >= last.frame + 2) return box;
      if (!isSame) Object.assign(last, { box, frame });
      globalThis.dispatchEvent(new Event("resize"));  // causes frames, which report their items
      return null;
    }, [label, before], { timeout: kPatience, polling: 20 }).catch(() => assert.fail(`the page draws no '${label}'`));
    const [left, top, right, bottom] = await found.jsonValue();
    return { left, top, right, bottom, x: (left + right) / 2, y: (top + bottom) / 2 };
  }

  async click(label) {
    const { left, y } = await this.item(label);
    await this.page.mouse.click(left + 12, y, { delay: 60 });
  }

  async press(from, to) {
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.waitForTimeout(100);
    await this.page.mouse.move(to.x, to.y, { steps: 5 });
    await this.page.waitForTimeout(100);
    await this.page.mouse.up();
  }

  // The images of the last decode.
  shown() {
    return this.page.evaluate(() => {
      const first = pumice._page_shown() / 4;
      return [...pumice.HEAPF32.subarray(first, first + pumice._page_shown_count())];
    });
  }

  // What computes, and why nothing else does; the reason may be empty.
  async computer() {
    const [title, reason] = (await this.page.evaluate(() => pumice.ccall("page_device", "string"))).split("\n");
    return { title, reason };
  }

  // Waits until that device computes, for that reason.
  async expectDevice(title, reason = /^$/) {
    const isRight = (found) => title.test(found.title) && reason.test(found.reason);
    await until(async () => isRight(await this.computer()))
      .catch(async () => assert.fail(`${JSON.stringify(await this.computer())} is not ${title}, ${reason}`));
    console.log(Object.values(await this.computer()).filter(Boolean).join(": "));
  }

  message() {
    return this.page.evaluate(() => pumice.ccall("page_message", "string"));
  }

  // The number of decodes so far that were shown.
  decodes() {
    return this.page.evaluate(() => pumice._page_decode_count());
  }

  frames() {
    return this.page.evaluate(() => pumice._page_frame_count());
  }

  // Waits until the page stops drawing: immediate on an idle machine.
  async expectRest() {
    await until(async () => {
      const before = await this.frames();
      await this.page.waitForTimeout(700);
      return await this.frames() === before;
    }).catch(() => assert.fail("a page at rest draws"));
  }

  native(name) {
    return floats(join(this.folder, name));
  }

  // Waits until the page shows the images in the file `name`.
  async expectImages(name) {
    const expected = this.native(name);
    let apart = Infinity;
    await until(async () => {
      const values = await this.shown();
      if (values.length === expected.length) {
        apart = Math.max(...expected.map((value, at) => Math.abs(value - values[at])));
      }
      return apart <= kTolerance;
    }).catch(async () => assert.fail(`${name}: ${apart} apart; the page says: ${await this.message()}`));
    console.log(`${name}: at most ${apart} apart`);
  }

  // Waits until the order of the sliders matches the mean squared change of the native images in
  // moved.f32: the origin's image, then two for each number. The order changes while measuring.
  async expectSliderOrder() {
    const images = this.native("moved.f32");
    const size = images.length / (1 + 2 * kLatents.length);
    const change = (number) => [1 + 2 * number, 2 + 2 * number].reduce((sum, row) =>
      images.slice(0, size).reduce((part, middle, i) => part + (images[row * size + i] - middle) ** 2, sum), 0);
    const expected = kLatents.toSorted((a, b) => change(b) - change(a)).map((number) => `z${number}`);
    let order;
    await until(async () => {
      const tops = {};
      for (const label of expected) tops[label] = (await this.item(label)).top;
      order = Object.keys(tops).sort((a, b) => tops[a] - tops[b]);
      return isDeepStrictEqual(order, expected);
    }).catch(() => assert.deepEqual(order, expected));
    console.log(`most influential first: ${order}`);
  }

  // Waits until the page shows different images.
  async expectOtherImages(before) {
    await until(async () => !isDeepStrictEqual(await this.shown(), before)).catch(async () =>
      assert.fail(`the images stay as they were; the page says: ${await this.message()}`));
  }

  // Waits for a message at the top.
  async expectMessage(pattern) {
    await until(async () => pattern.test(await this.message()))
      .catch(async () => assert.match(await this.message(), pattern));
    console.log(`says: ${await this.message()}`);
  }

  // Waits until a matching message is in the middle of the screen of `frame`, with nothing covering
  // it.
  async expectWords(pattern, frame = this.page) {
    const words = frame.locator(".words p", { hasText: pattern });
    await words.waitFor({ timeout: kPatience }).catch(async () => assert.fail(
      `no words like ${pattern}, but: ${await frame.locator("body").innerText()}`));
    const place = await words.evaluate((element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const isSeen = element.contains(document.elementFromPoint(x, y));
      return { isInside, isSeen, share: y / innerHeight, fontSize: parseFloat(getComputedStyle(element).fontSize) };
    });
    assert(place.isInside && place.isSeen && place.fontSize >= 14, JSON.stringify(place));
    assert(place.share > 0.2 && place.share < 0.8, JSON.stringify(place));
    console.log(`shows: ${await words.innerText()}`);
  }

  // Drops files and folders as if dragged here from the system.
  async dragIn(...paths) {
    const session = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await session.send("Input.dispatchDragEvent", { type, x: 200, y: 200, data });
    }
    await session.detach();
  }

  async expectHash(text) {
    await this.page.waitForFunction((part) => location.hash.includes(part), text).catch(async () =>
      assert.fail(`${await this.page.evaluate(() => location.hash)} lacks ${text}`));
  }

  drop(name, bytes) {
    return this.dropAll({ [name]: bytes });
  }

  // Drops files by name and texts by type: { "a.png": bytes, "text/plain": "…" }.
  dropAll(things) {
    const list = Object.entries(things).map(([name, thing]) => [name, typeof thing === "string" ? thing : [...thing]]);
    return this.page.evaluate((all) => {
      const dataTransfer = new DataTransfer();
      for (const [name, thing] of all) {
        if (typeof thing === "string") dataTransfer.items.add(thing, name);
        else dataTransfer.items.add(new File([new Uint8Array(thing)], name));
      }
      dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
    }, list);
  }

  // The bytes that a click on `label` offers as a download.
  async save(label) {
    const waiting = this.page.waitForEvent("download");
    await this.click(label);
    const download = await waiting;
    const bytes = readFileSync(await download.path());
    console.log(`${download.suggestedFilename()}: ${bytes.length} bytes`);
    return bytes;
  }

  async shoot(name) {
    if (!this.screenshots) return;
    mkdirSync(this.screenshots, { recursive: true });
    await this.page.waitForTimeout(300);
    await this.page.screenshot({ path: join(this.screenshots, `${name}.png`) });
  }
}
