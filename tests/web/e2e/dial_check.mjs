// A dial that is dragged, in headless Chromium: how often the page draws and decodes, and how sharply.
//   node dial_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// FOLDER also holds deep.safetensors: see tests/web/page_test.cpp.
import assert from "node:assert";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";

const kSize = { viewport: { width: 1280, height: 800 } };
const kMoves = 12;

// Presses "direction 1", and returns the function that moves to a fraction of its length.
async function hold(driver) {
  await driver.go("model=deep&tab=Explore");
  await driver.item("direction 8");
  await driver.expectRest();
  const { left, right, x, y } = await driver.item("direction 1");
  await driver.page.mouse.move(x, y);
  await driver.page.mouse.down();
  await driver.page.waitForTimeout(300);
  return (share) => driver.page.mouse.move(left + share * (right - left), y);
}

// A slider rounds its value in each frame while it is held.
async function checkRest(driver) {
  const move = await hold(driver);
  for (let i = 0; i < kMoves; ++i) {
    const before = await driver.decodes();
    await move(0.2 + 0.05 * i + 0.003 * (i % 5));
    await until(async () => await driver.decodes() > before);
    await driver.page.waitForTimeout(300);
    const after = await driver.decodes();
    await driver.page.waitForTimeout(300);
    assert.equal(await driver.decodes(), after, "a dial that is held decodes without end");
  }
  await driver.page.mouse.up();
}

// Runs in the page: counts the frames that show an image which they themselves asked for.
function watchFrames() {
  globalThis.framesWithImages = 0;
  const frame = pumice._page_frame;
  pumice._page_frame = () => {
    const before = pumice._page_decode_count();
    const due = frame();
    if (pumice._page_decode_count() > before) ++globalThis.framesWithImages;
    return due;
  };
}

// On a busy machine a decode may take longer than a frame waits for it.
async function checkOneFrame(driver) {
  const move = await hold(driver);
  await driver.page.evaluate(watchFrames);
  let moves = 0;
  await until(async () => {
    await move(0.2 + 0.05 * (moves++ % kMoves));
    return driver.page.evaluate(() => globalThis.framesWithImages > 0);
  }).catch(() => assert.fail("no frame has the image that it asked for"));
  await driver.page.mouse.up();
}

// Runs in the page: no image arrives any more; keeps what frames return.
function loseImages() {
  globalThis.dues = [];
  const frame = pumice._page_frame;
  pumice._page_poll = () => {};
  pumice._page_frame = () => {
    const due = frame();
    globalThis.dues.push(due);
    return due;
  };
}

// Where WebGPU is software, a frame waits for its image, but not for ever.
async function checkWaiting(driver) {
  driver.device = "webgpu";
  await driver.go("model=deep&tab=Explore");
  await driver.expectDevice(/by WebGPU in software$/);
  await driver.item("direction 8");
  await driver.expectRest();
  await driver.page.evaluate(loseImages);
  await driver.click("Random point");
  await until(() => driver.page.evaluate(() => globalThis.dues.some((due) => due > 0 && due <= 50)))
    .catch(() => assert.fail("no frame that waits for an image is drawn later"));
}

const canvasWidth = (driver) => driver.page.evaluate(() => document.querySelector("canvas").width);

async function checkResolution(driver) {
  const move = await hold(driver);
  await driver.page.mouse.up();
  assert.equal(await canvasWidth(driver), 2560);
  await driver.page.mouse.down();
  await driver.page.evaluate(() => pumice._page_note_presentation(1e9));
  await move(0.3);
  await until(async () => await canvasWidth(driver) === 1280)
    .catch(() => assert.fail("what moves is drawn with two device pixels, which takes long"));
  await driver.shoot("explore-dragged");
  await driver.page.mouse.up();
  await until(async () => await canvasWidth(driver) === 2560)
    .catch(() => assert.fail("what rests is drawn with one device pixel"));
}

async function run(check, options = {}) {
  await checks(Driver)({ ...kSize, ...options }, async (driver) => {
    console.log(check.name);
    driver.device = "cpu";
    await check(driver);
    assert.equal(await driver.message(), "");
    assert.deepEqual(driver.errors, []);
  });
}

await run(checkRest);
await run(checkOneFrame);
await run(checkWaiting);
await run(checkResolution, { deviceScaleFactor: 2 });
