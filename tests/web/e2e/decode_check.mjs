// Decodes in headless Chromium and compares with images from another device:
//   node decode_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER
// FOLDER holds model.safetensors, latents.f32 and images.f32. Prints a line for each of the browser's devices; fails if
// the images differ by more than 2e-3.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withPage } from "./browser.mjs";

const [modules, site, folder] = process.argv.slice(2);
const kDevices = { "WebGPU": 0, "processor": 1, "processor, 3 threads": 3 };
const kTolerance = 2e-3;

function floats(name) {
  const bytes = readFileSync(join(folder, name));
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

function decodeInBrowser(threads, latents, count) {
  const others = { "/model.safetensors": join(folder, "model.safetensors") };
  return withPage({ modules, site, others, isolated: threads > 1 }, async (page, address) => {
    await page.goto(`${address}/e2e/decode.html`);
    await page.waitForFunction(() => window.decode);
    return page.evaluate(
      ([n, values, rows]) => window.decode(n, "/model.safetensors", values, rows, 20), [threads, latents, count]);
  });
}

const expected = floats("images.f32");
const latents = floats("latents.f32");
const count = Number(readFileSync(join(folder, "count"), "utf8"));

function apart(images) {
  let difference = expected.length === 0 || images.length < expected.length ? Infinity : 0;
  expected.forEach((value, i) => {
    const one = Math.abs(value - images[i]);
    if (!(one <= difference)) difference = one;
  });
  return difference;
}

let most = 0;
let alone;  // the images of one thread
for (const [device, threads] of Object.entries(kDevices)) {
  const { images, milliseconds } = await decodeInBrowser(threads, latents, count);
  if (threads === 1) alone = images;
  if (threads > 1) assert.deepEqual(images, alone, "the images depend on the number of threads");
  const difference = apart(images);
  const sorted = milliseconds.slice(1).sort((a, b) => a - b);
  console.log(`${device}: ${count} images, at most ${difference} apart, first ${milliseconds[0].toFixed(1)} ms, ` +
    `median ${sorted[sorted.length >> 1].toFixed(2)} ms`);
  most = Math.max(most, difference);
}
process.exit(most <= kTolerance ? 0 : 1);
