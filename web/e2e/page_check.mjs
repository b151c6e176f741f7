// Drives the page in headless Chromium and compares it with pictures made elsewhere:
//   node page_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// FOLDER holds model.safetensors, index.json, and the pictures of the first 64 samples of two seeds
// and of one latent: seed1.f32, seed2.f32, explored.f32. Prints a line for each check.
import assert from "node:assert";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withPage } from "./browser.mjs";

const [modules, site, folder, screenshots] = process.argv.slice(2);
const kTolerance = 2e-3;
const kResample = { x: 502, y: 50 };  // the buttons of the tab Sample, in a window of 1100 × 720
const kSavePng = { x: 580, y: 50 };
const kSaveGif = { x: 577, y: 70 };  // of the tab Interpolate
const others = {
  "/models/index.json": join(folder, "index.json"),
  "/models/tiny.safetensors": join(folder, "model.safetensors"),
};

function floats(name) {
  const bytes = readFileSync(join(folder, name));
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

const shown = (page) => page.evaluate(() => {
  const first = pumice._page_shown() / 4;
  return [...pumice.HEAPF32.subarray(first, first + pumice._page_shown_count())];
});
const message = (page) => page.evaluate(() => pumice.ccall("page_message", "string"));

function difference(values, expected) {
  if (values.length !== expected.length) return Infinity;
  return Math.max(...expected.map((value, i) => Math.abs(value - values[i])));
}

// Waits until the page shows these pictures.
async function expectPictures(page, name) {
  const expected = floats(name);
  let apart = Infinity;
  for (let i = 0; i < 100 && !(apart <= kTolerance); ++i) {
    await page.waitForTimeout(100);
    if (await page.evaluate(() => !!globalThis.pumice)) apart = difference(await shown(page), expected);
  }
  assert(apart <= kTolerance, `${name}: ${apart} apart; the page says: ${await message(page)}`);
  console.log(`${name}: at most ${apart} apart`);
}

async function shoot(page, name) {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.waitForTimeout(200);
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

async function checkSamples(page, address) {
  await page.goto(`${address}/index.html`);
  await expectPictures(page, "seed1.f32");
  await shoot(page, "sample");
  await page.mouse.click(kResample.x, kResample.y, { delay: 100 });
  await expectPictures(page, "seed2.f32");
  await page.waitForFunction(() => location.hash.includes("seed=2"));
}

// The bytes that a click offers as a download.
async function save(page, { x, y }) {
  const waiting = page.waitForEvent("download");
  await page.mouse.click(x, y, { delay: 100 });
  const download = await waiting;
  const bytes = readFileSync(await download.path());
  console.log(`${download.suggestedFilename()}: ${bytes.length} bytes`);
  return bytes;
}

async function checkPng(page) {
  const bytes = await save(page, kSavePng);
  assert.equal(bytes.toString("latin1", 1, 4), "PNG");
  assert.equal(bytes.readUInt32BE(16), 8 * (7 + 1) + 1);  // the grid's width
}

async function checkGif(page, address) {
  await page.goto(`${address}/index.html?gif#model=tiny&tab=Interpolate&seed=1`);
  await page.waitForFunction(() => globalThis.pumice?._page_shown_count() === 16 * 9 * 7);
  await page.waitForTimeout(300);
  const bytes = await save(page, kSaveGif);
  assert.equal(bytes.toString("latin1", 0, 6), "GIF89a");
  assert.equal(bytes.readUInt16LE(6), 8 * 7);
}

function drop(page, name, bytes) {
  return page.evaluate(([fileName, content]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(content)], fileName));
    dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
  }, [name, [...bytes]]);
}

async function expectMessage(page, pattern) {
  await page.waitForFunction(() => pumice.ccall("page_message", "string"));
  assert.match(await message(page), pattern);
  console.log(`says: ${await message(page)}`);
}

async function checkDropping(page) {
  await drop(page, "holiday.safetensors", Buffer.from("this is not a checkpoint at all"));
  await expectMessage(page, /holiday/);
  await shoot(page, "bad-file");
  await expectPictures(page, "seed2.f32");  // what was open stays
  await drop(page, "good.safetensors", readFileSync(others["/models/tiny.safetensors"]));
  await expectPictures(page, "seed1.f32");
  assert.equal(await message(page), "");
}

async function checkPermalink(page, address) {
  await page.goto(`${address}/index.html?1#model=tiny&tab=Explore&seed=5&latent=0.5,-1,2`);
  await expectPictures(page, "explored.f32");
  await shoot(page, "explore");
  for (const tab of ["Interpolate", "Encode", "Device"]) {
    await page.goto(`${address}/index.html?${tab}#model=tiny&tab=${tab}`);
    await page.waitForFunction((name) => globalThis.pumice && location.hash.includes(`seed=1`), tab);
    await page.waitForTimeout(500);
    assert.equal(await message(page), "");
    await shoot(page, tab.toLowerCase());
  }
}

async function checkPhone(page, address) {
  await page.setViewportSize({ width: 390, height: 760 });
  await page.goto(`${address}/index.html?phone`);
  await expectPictures(page, "seed1.f32");
  await shoot(page, "phone");
  await page.goto(`${address}/index.html?phone2#model=tiny&tab=Explore&latent=0.5,-1,2`);
  await expectPictures(page, "explored.f32");
  await shoot(page, "phone-explore");
}

async function checkWithoutWebGpu(page, address) {
  await page.addInitScript(() => Object.defineProperty(navigator, "gpu", { value: undefined }));
  await page.goto(`${address}/index.html?without`);
  await page.waitForFunction(() => globalThis.pumice);
  await expectMessage(page, /WebGPU/);
  await shoot(page, "without-webgpu");
}

await withPage({ modules, site, others, onLine: () => {} }, async (page, address) => {
  await page.setViewportSize({ width: 1100, height: 720 });
  await checkSamples(page, address);
  await checkPng(page);
  await checkDropping(page);
  await checkPermalink(page, address);
  await checkGif(page, address);
  await checkPhone(page, address);
  await checkWithoutWebGpu(page, address);
});
