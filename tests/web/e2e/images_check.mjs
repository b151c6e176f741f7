// Reads image files in headless Chromium and compares with the native results:
//   node images_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER
// FOLDER holds cases.json and the files that it names: see tests/web/images_test.cpp. Prints one
// line per file.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withPage } from "./browser.mjs";

const [modules, site, folder] = process.argv.slice(2);
const kTolerance = 1;  // of 255
const cases = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8"));

// Runs in the page: returns the image's values as bytes.
async function read({ file, shape, background }) {
  const { readImage } = await import("/e2e/images.js");
  const response = await fetch(`/cases/${file}`);
  const values = await readImage(new File([await response.blob()], file), shape, background);
  return Array.from(values, (value) => Math.round(255 * value));
}

const most = {};
const problems = [];
await withPage({ modules, site, folders: { "/cases/": folder } }, async (page, address) => {
  await page.goto(`${address}/e2e/decode.html`);
  for (const one of cases) {
    const native = readFileSync(join(folder, one.native));
    const values = await page.evaluate(read, one);
    assert.equal(values.length, native.length, one.native);
    const apart = values.reduce((worst, value, i) => Math.max(worst, Math.abs(value - native[i])), 0);
    most[one.file] = Math.max(most[one.file] ?? 0, apart);
    if (!(apart <= kTolerance)) problems.push(`${one.native}: ${apart} apart`);
  }
});
for (const [file, apart] of Object.entries(most)) console.log(`${file}: at most ${apart} of 255 apart`);
assert.deepEqual(problems, []);
