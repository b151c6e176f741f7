// Draws a seed's random numbers in headless Chromium and compares with those of another device:
//   node random_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER
// FOLDER holds bits.u32, normals.f32, latents.f32 and draw.json: { seed, step, count }. Prints a line
// for each of the browser's devices; fails unless the words are identical and the normal numbers equal within 1e-5.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withPage } from "./browser.mjs";

const [modules, site, folder] = process.argv.slice(2);
const kTolerance = 1e-5;

function numbers(name, Type) {
  const bytes = readFileSync(join(folder, name));
  return new Type(new Uint8Array(bytes).buffer);
}

const wanted = JSON.parse(readFileSync(join(folder, "draw.json"), "utf8"));

function apart(values, expected) {
  if (expected.length !== wanted.count || values.length < wanted.count) return Infinity;
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i])), 0);
}

let isRight = true;
for (const [device, threads] of Object.entries({ webgpu: 0, cpu: 1 })) {
  const drawn = await withPage({ modules, site }, async (page, address) => {
    await page.goto(`${address}/e2e/decode.html`);
    await page.waitForFunction(() => window.drawRandom);
    return page.evaluate(([n, draw]) => window.drawRandom(n, draw), [threads, wanted]);
  });
  const bits = apart(drawn.bits, numbers("bits.u32", Uint32Array));
  const normals = apart(drawn.normals, numbers("normals.f32", Float32Array));
  const latents = apart(drawn.latents, numbers("latents.f32", Float32Array));
  console.log(`${device}: ${wanted.count} numbers, at most apart: bits ${bits}, normals ${normals}, latents ${latents}`);
  isRight &&= bits === 0 && normals <= kTolerance && latents <= kTolerance;
}
process.exit(isRight ? 0 : 1);
