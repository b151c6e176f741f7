// Drives the page in headless Chromium and compares it with images from the native program:
//   node page_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// Prints a line for each check. The files are those of tests/web/page_test.cpp.
import assert from "node:assert";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";
import { image } from "./image.mjs";

const { PNG } = createRequire(resolve(process.argv[2], "package.json"))("pngjs");
const kSize = { viewport: { width: 1100, height: 720 } };
const withDriver = checks(Driver);

async function checkSamples(driver) {
  await driver.go();
  await driver.expectImages("seed1.f32");
  await driver.shoot("sample");
  await driver.click("Resample");
  await driver.expectImages("seed2.f32");
  await driver.expectHash("seed=2");
}

async function checkExploring(driver) {
  await driver.go("model=tiny&tab=Explore&latent=0.5,-1,2");
  await driver.expectImages("explored.f32");
  await driver.expectSliderOrder();
  await driver.shoot("explore");
  const { left, right, y } = await driver.item("z1");
  await driver.press({ x: left + 100, y }, { x: right + 200, y });  // past the end: 4
  await driver.expectImages("slid.f32");
  await driver.expectHash("latent=0.5,4,2");
}

async function checkPad(driver) {
  await driver.go("model=flat&tab=Explore&latent=0");
  await driver.expectImages("plane.f32");
  const { left, top, right, bottom, x, y } = await driver.item("manifold");
  await driver.press({ x, y }, { x: right + 60, y: bottom + 60 });  // past the corner
  await driver.expectImages("corner.f32");
  assert(right - left > 100 && bottom - top > 100);
  await driver.shoot("pad");
}

async function checkInterpolation(driver) {
  await driver.go("model=tiny&tab=Interpolate&seed=1&path=spherical:16:30:loop");
  await driver.expectImages("path.f32");
  const { left, right, top } = await driver.item("##frame");  // below the image that plays
  const clip = { x: left, y: top - 100, width: right - left, height: 90 };
  const before = await driver.page.screenshot({ clip });
  const start = await driver.frames();
  await until(async () => await driver.frames() > start + 5)
    .catch(() => assert.fail("the interpolation does not play"));
  await until(async () => !before.equals(await driver.page.screenshot({ clip })))
    .catch(() => assert.fail("the interpolation does not move"));
  await driver.click("Pause");
  await driver.expectRest();
  await driver.shoot("interpolate");
}

// Another page restores the state from the address.
async function checkPermalink(driver) {
  await driver.go("model=tiny&tab=Sample&seed=2&truncation=0.5&side=3&a=3:7:0.5&b=0.5,-1,2&path=linear:6:20:wander");
  await driver.expectImages("truncated.f32");
  for (const part of ["seed=2", "truncation=0.5", "side=3", "a=3:7:0.5", "b=0.5,-1,2", "path=linear:6:20:wander"]) {
    await driver.expectHash(part);
  }
  await driver.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await driver.click("Copy link");
  await driver.item("Link copied");
  const [copied, address] = await driver.page.evaluate(async () => [await navigator.clipboard.readText(), location.href]);
  assert.equal(copied, address);
  assert.match(copied, /seed=2/);
  // Follows the link without reloading, and plays until it stops at B.
  await driver.page.evaluate(() => {
    location.hash = "#model=tiny&tab=Interpolate&a=3:7:0.5&b=0.5,-1,2&path=linear:6:20:stop";
  });
  await driver.expectImages("linked.f32");
}

async function checkColours(driver) {
  await driver.go("model=flat&tab=Encode");
  await driver.item("Invert");
  await driver.drop("colours.png", image(driver, "colours.u8", 3));
  await driver.expectImages("colours-again.f32");
}

async function checkEncoding(driver) {
  await driver.go("model=tiny&tab=Sample&seed=1");
  await driver.expectImages("seed1.f32");
  await driver.drop("grays.png", image(driver, "grays.u8", 1));
  await driver.expectImages("grays-again.f32");
  await driver.expectHash("tab=Encode");
  await driver.shoot("encode");
  const photo = new PNG({ width: 300, height: 200 });
  photo.data.forEach((_, i) => { photo.data[i] = i % 4 === 3 ? 255 : (i >> 4) % 256; });
  const before = await driver.shown();
  await driver.drop("photo.png", PNG.sync.write(photo));
  await driver.expectOtherImages(before);
  assert.equal(await driver.message(), "");
  await driver.click("Use as B");
  await driver.expectHash("&b=");
}

async function checkDevicePanel(driver) {
  await driver.go("model=tiny&tab=Device");
  await driver.expectImages("middle.f32");
  const before = await driver.decodes();
  await driver.click("Measure 100 decodes");
  await until(async () => await driver.decodes() >= before + 100)
    .catch(async () => assert.fail(`${await driver.decodes() - before} decodes, expected 100`));
  await driver.shoot(`device-${driver.device}`);
  assert.equal(await driver.message(), "");
}

for (const [device, title] of [["webgpu", /WebGPU in software/], ["cpu", /the processor$/]]) {
  await withDriver(kSize, async (driver) => {
    driver.device = device;
    await checkSamples(driver);
    await driver.expectDevice(title);
    await checkExploring(driver);
    await checkPad(driver);
    await checkInterpolation(driver);
    await checkPermalink(driver);
    await checkEncoding(driver);
    await checkColours(driver);
    await checkDevicePanel(driver);
  });
}
