// Graphics problems in headless Chromium: a lost and restored WebGL context, images larger than a
// texture, adapters of all kinds.
//   node graphics_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// FOLDER also holds large.safetensors, of 700 × 700 images, offered as "large", and the means of its
// images: large-seed1.f32, large-path.f32.
import assert from "node:assert";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";

const { PNG } = createRequire(resolve(process.argv[2], "package.json"))("pngjs");
const kSize = { viewport: { width: 1100, height: 720 } };
const withDriver = checks(Driver);
const kTolerance = 0.02;

async function checkLostGraphics(driver, hash, file) {
  await driver.go(hash);
  await driver.expectImages(file);
  await driver.expectRest();
  const before = await driver.page.screenshot();
  await driver.page.evaluate(() => {
    globalThis.graphics = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
    graphics.loseContext();
  });
  await driver.expectWords(/taken away the graphics.*as soon as it is back/);
  await driver.shoot("lost-graphics");
  await driver.page.evaluate(() => graphics.restoreContext());
  await driver.page.locator("#help").waitFor({ state: "hidden" });
  await driver.expectRest();
  const after = await driver.page.screenshot();
  assert(before.equals(after), `${hash}: other pixels than before WebGL was lost`);
  console.log(`${hash}: the same pixels as before WebGL was lost`);
}

// The mean grey value, 0 … 1, of the central halves of the cells of a grid in that item.
async function cellMeans(driver, label, columns, rows) {
  const { left, top, right, bottom } = await driver.item(label);
  const png = PNG.sync.read(await driver.page.screenshot());
  const [width, height] = [(right - left) / columns, (bottom - top) / rows];
  return Array.from({ length: columns * rows }, (_, cell) => {
    let sum = 0, count = 0;
    const [x0, y0] = [left + (cell % columns + 0.25) * width, top + (Math.floor(cell / columns) + 0.25) * height];
    for (let y = Math.round(y0); y < y0 + height / 2; ++y) {
      for (let x = Math.round(x0); x < x0 + width / 2; ++x, ++count) sum += png.data[4 * (y * png.width + x)] / 255;
    }
    return sum / count;
  });
}

async function expectMeans(driver, label, columns, file) {
  const expected = driver.native(file);
  let means;
  const apart = () => Math.max(...expected.map((value, i) => Math.abs(value - means[i])));
  await until(async () => {
    means = await cellMeans(driver, label, columns, expected.length / columns);
    return apart() <= kTolerance;
  }).catch(async () => assert.fail(`${file}: ${apart()} apart: ${means}; the page says ${await driver.message()}`));
  console.log(`${file}: at most ${apart()} apart on the screen`);
}

// 12 × 12 would exceed the size of a texture and the limit per decode.
async function checkLargeImages(driver) {
  await driver.go("model=large&side=12");
  await expectMeans(driver, "samples", 8, "large-seed1.f32");
  await driver.shoot("large-sample");
  assert.equal(await driver.message(), "");
  await driver.go("model=large&tab=Interpolate&path=linear:16:10:stop");
  await expectMeans(driver, "strip", 16, "large-path.f32");  // 16 · 701 pixels wide
  await driver.shoot("large-strip");
  assert.equal(await driver.message(), "");
  const gif = await driver.save("Save GIF");
  assert.equal(gif.readUInt16LE(6), 700);
  assert.deepEqual(driver.errors, []);
}

// Chromium 136 and later report it in adapter.info, earlier versions in the adapter.
async function checkAdapter(inInfo, inAdapter, device, title, reason) {
  await withDriver(kSize, async (driver) => {
    await driver.page.addInitScript(([info, adapter]) => {
      Object.defineProperty(GPUAdapterInfo.prototype, "isFallbackAdapter", { get: () => info });
      Object.defineProperty(GPUAdapter.prototype, "isFallbackAdapter", { get: () => adapter });
    }, [inInfo, inAdapter]);
    driver.device = device;
    await driver.go("model=tiny&tab=Device");
    await driver.item("Measure 100 decodes");
    await driver.expectDevice(title, reason);
    const adapter = await driver.page.evaluate(() => pumice.gpuAdapterInfo);
    if (/WebGPU|graphics/.test(title.source)) assert.match(adapter.vendor, /./);
    else assert.equal(adapter, undefined);
  });
}

await withDriver(kSize, async (driver) => {
  await checkLostGraphics(driver, "model=tiny&seed=1", "seed1.f32");
  await checkLostGraphics(driver, "model=flat&tab=Explore&latent=0", "plane.f32");
  const before = await driver.shown();
  await driver.click("Random point");  // drawing continues
  await driver.expectOtherImages(before);
  assert.deepEqual(driver.errors, []);
});
for (const [inInfo, inAdapter] of [[undefined, true], [true, undefined]]) {
  await checkAdapter(inInfo, inAdapter, "", /by the processor$/, /^WebGPU has no graphics card here/);
  await checkAdapter(inInfo, inAdapter, "webgpu", /by WebGPU in software$/);
}
await checkAdapter(undefined, undefined, "", /by the graphics card$/);
await checkAdapter(false, false, "", /by the graphics card$/);
await checkAdapter(false, false, "cpu", /by the processor$/);
await withDriver(kSize, checkLargeImages);
