// Decodes in headless Chromium and compares with images from another device:
//   node decode_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER
// FOLDER holds model.safetensors, latents.f32 and images.f32. Prints one line; fails if they differ by more than 2e-3.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withPage } from "./browser.mjs";

const [modules, site, folder] = process.argv.slice(2);
const kTolerance = 2e-3;

function floats(name) {
  const bytes = readFileSync(join(folder, name));
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

function decodeInBrowser(latents, count) {
  const others = { "/model.safetensors": join(folder, "model.safetensors") };
  return withPage({ modules, site, others }, async (page, address) => {
    await page.goto(`${address}/e2e/decode.html`);
    await page.waitForFunction(() => window.decode);
    return page.evaluate(
      ([values, n]) => window.decode("/model.safetensors", values, n, 20), [latents, count]);
  });
}

const expected = floats("images.f32");
const latents = floats("latents.f32");
const count = Number(readFileSync(join(folder, "count"), "utf8"));
const { images, milliseconds } = await decodeInBrowser(latents, count);

let difference = expected.length === 0 || images.length < expected.length ? Infinity : 0;
expected.forEach((value, i) => {
  const apart = Math.abs(value - images[i]);
  if (!(apart <= difference)) difference = apart;
});
const sorted = milliseconds.slice(1).sort((a, b) => a - b);
console.log(`${count} images, at most ${difference} apart, first ${milliseconds[0].toFixed(1)} ms, ` +
  `median ${sorted[sorted.length >> 1].toFixed(2)} ms`);
process.exit(difference <= kTolerance ? 0 : 1);
