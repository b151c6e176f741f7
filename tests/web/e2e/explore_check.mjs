// Choosing and moving a point in headless Chromium: directions, locks, undo, what a model remembers,
// samples and drawings that are explored.
//   node explore_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// FOLDER also holds deep.safetensors, with 16 latent numbers, and images of it: see
// tests/web/page_test.cpp.
import assert from "node:assert";
import { isDeepStrictEqual } from "node:util";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";

const kSize = { viewport: { width: 1280, height: 800 } };

const hash = (driver) => driver.page.evaluate(() => location.hash);

async function dragToEnd(driver, label) {
  const { left, y } = await driver.item(label);
  await driver.press({ x: left + 60, y }, { x: left + 900, y });
}

async function expectUnchanged(driver, before) {
  await driver.expectRest();
  assert(isDeepStrictEqual(await driver.shown(), before), "the image changed");
}

// It opens at the seed's typical sample, which the address need not hold.
async function checkDirections(driver) {
  await driver.go("model=deep&tab=Explore");
  await driver.expectImages("deep-typical.f32");
  await driver.expectHash("tab=Explore");
  assert.doesNotMatch(await hash(driver), /latent=/);
  await driver.item("direction 8");
  await driver.expectRest();
  await driver.shoot("explore-directions");
  await dragToEnd(driver, "direction 1");
  await driver.expectImages("deep-directed.f32");
  await driver.page.keyboard.press("Control+z");
  await driver.expectImages("deep-typical.f32");
  await driver.page.keyboard.press("Control+Shift+Z");
  await driver.expectImages("deep-directed.f32");
  await driver.click("Undo");
  await driver.expectImages("deep-typical.f32");
  await driver.click("Redo");
  await driver.expectImages("deep-directed.f32");
}

// A double click and the button move back to 0; the wheel turns the dial that was used last.
async function checkDial(driver) {
  const { left, y } = await driver.item("direction 1");
  const zero = driver.native("deep-zero.f32");
  await until(async () => {  // frames on a busy machine may be too slow for a double click
    await driver.page.mouse.dblclick(left + 40, y, { delay: 20 });
    await driver.page.waitForTimeout(700);
    return (await driver.shown()).every((value, i) => Math.abs(value - zero[i]) < 2e-3);
  }).catch(() => assert.fail("a double click does not move the dial to 0"));
  await driver.click("Undo");
  await driver.expectOtherImages(driver.native("deep-zero.f32"));
  await driver.click("Reset direction 1");
  await driver.expectImages("deep-zero.f32");
  const before = await driver.shown();
  await driver.page.mouse.move(left + 40, y);
  await driver.page.mouse.wheel(0, 100);
  await driver.page.waitForTimeout(300);
  await driver.page.mouse.click(left + 40, y, { delay: 60 });
  await driver.expectOtherImages(before);
  const clicked = await driver.shown();
  await driver.page.mouse.wheel(0, -300);
  await driver.expectOtherImages(clicked);
}

async function checkLock(driver) {
  await driver.go("model=deep&tab=Explore");
  await driver.item("direction 8");
  await driver.click("Lock direction 1");
  await driver.item("Unlock direction 1");
  const before = await driver.shown();
  await dragToEnd(driver, "direction 1");
  await expectUnchanged(driver, before);
  await driver.click("Random point");
  await driver.expectOtherImages(before);
  await driver.expectHash("seed=1&latent=");  // the seed of the samples is kept
}

// A direction stays until another is asked for, and moves nothing before it is dragged.
async function checkRandomDirection(driver) {
  await driver.go("model=deep&tab=Explore");
  await driver.expectImages("deep-typical.f32");
  const before = await driver.shown();
  await driver.click("Random direction");
  await driver.item("random direction");
  await expectUnchanged(driver, before);
  await dragToEnd(driver, "random direction");
  await driver.expectOtherImages(before);
}

async function checkModels(driver) {
  await driver.go("model=deep&tab=Explore&seed=2&latent=0");
  await driver.item("direction 8");
  await dragToEnd(driver, "direction 2");
  await driver.expectHash("latent=~");
  await driver.expectRest();  // the address follows a drag with a delay
  const [before, image] = [await hash(driver), await driver.shown()];
  await driver.click("tiny");
  await driver.expectHash("model=tiny");
  await driver.expectHash("seed=1");
  await driver.click("deep");
  await until(async () => await hash(driver) === before)
    .catch(async () => assert.equal(await hash(driver), before));
  await until(async () => {
    const shown = await driver.shown();
    return shown.length === image.length && shown.every((value, i) => Math.abs(value - image[i]) < 1e-3);
  }).catch(() => assert.fail("the explored point is forgotten"));
}

async function checkSample(driver) {
  await driver.go("model=tiny&tab=Sample&seed=1&side=4");
  const { left, top, right, bottom } = await driver.item("samples");
  const at = (column, row) => [left + (column + 0.5) * (right - left) / 4, top + (row + 0.5) * (bottom - top) / 4];
  await driver.page.mouse.move(...at(2, 1));
  await driver.shoot("sample-preview");
  await driver.page.mouse.click(...at(1, 2), { delay: 60 });
  await driver.click("Use as B");
  await driver.expectHash("b=1:9");
  await driver.shoot("sample-chosen");
  await driver.click("Explore this one");
  await driver.expectImages("ninth.f32");
  await driver.expectHash("tab=Explore");
  const before = await hash(driver);
  await driver.click("Interpolate");
  await driver.click("New A and B");
  await driver.expectHash("a=1:2&b=1:3");
  assert.match(before, /seed=1/);
  assert.match(await hash(driver), /seed=1/);  // the grid of samples is kept
}

async function checkDrawing(driver) {
  await driver.go("model=tiny&tab=Encode");
  await driver.shoot("encode-empty");
  const { left, top, right, bottom } = await driver.item("paper");
  const at = (x, y) => ({ x: left + x * (right - left), y: top + y * (bottom - top) });
  const empty = await driver.shown();
  await driver.press(at(0.2, 0.2), at(0.8, 0.3));
  await driver.expectOtherImages(empty);
  await driver.expectRest();
  const first = await driver.shown();
  await driver.press(at(0.2, 0.8), at(0.8, 0.7));
  await driver.expectOtherImages(first);
  await driver.page.keyboard.press("Control+z");
  await until(async () => isDeepStrictEqual(await driver.shown(), first))
    .catch(() => assert.fail("undo does not remove the stroke"));
  await driver.shoot("encode-drawn");
  await driver.click("Example");
  await driver.expectOtherImages(first);
  await driver.click("Explore from here");
  await driver.expectHash("tab=Explore");
  assert.match(await hash(driver), /latent=/);
}

for (const check of [checkDirections, checkLock, checkRandomDirection, checkModels, checkSample, checkDrawing]) {
  await checks(Driver)(kSize, async (driver) => {
    console.log(check.name);
    await check(driver);
    if (check === checkDirections) await checkDial(driver);
    assert.equal(await driver.message(), "");
    assert.deepEqual(driver.errors, []);
  });
}
