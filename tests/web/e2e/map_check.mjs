// The map in headless Chromium: hovering, clicking, A, B and the path, arrows.
//   node map_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// The maps are those of tests/web/page_test.cpp.
import assert from "node:assert";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { checks } from "./browser.mjs";
import { until } from "./driver.mjs";
import { Reader } from "./reader.mjs";

const { PNG } = createRequire(resolve(process.argv[2], "package.json"))("pngjs");
const kDesk = { viewport: { width: 1280, height: 800 }, colorScheme: "dark" };
const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const kRoom = 0.9;  // of the map's side: what the points extend over
const kStep = 1 / 50 / kRoom;  // of an arrow, in extents

const hash = (driver) => driver.page.evaluate(() => location.hash);

// Where a place is on the screen; the points extend from -reach to reach.
async function at(driver, [px, py], reach = 2) {
  const { left, right, x, y } = await driver.item("map");
  const scale = kRoom * (right - left) / (2 * reach);
  return { x: x + px * scale, y: y - py * scale };
}

async function hover(driver, place, reach) {
  const { x, y } = await at(driver, place, reach);
  await driver.page.mouse.move(x, y);
}

async function click(driver, place, reach) {
  const { x, y } = await at(driver, place, reach);
  await driver.page.mouse.click(x, y, { delay: 60 });
}

async function expectLatent(driver, wanted) {
  const latent = async () => (/latent=([^&]*)/.exec(await hash(driver))?.[1] ?? "").split(",").map(Number);
  await until(async () => {
    const found = await latent();
    return found.length === wanted.length && wanted.every((value, i) => Math.abs(value - found[i]) < 0.02);
  }).catch(async () => assert.fail(`the latent is ${await latent()}, not ${wanted}`));
}

async function brightness(driver, place) {
  const { x, y } = await at(driver, place);
  const clip = { x: Math.round(x) - 1, y: Math.round(y) - 1, width: 3, height: 3 };
  const { data } = PNG.sync.read(await driver.page.screenshot({ clip }));
  return Math.max(...data.filter((_, i) => i % 4 < 3));
}

async function shot(driver) {
  const { left, top, right, bottom } = await driver.item("map");
  return driver.page.screenshot({ clip: { x: left, y: top, width: right - left, height: bottom - top } });
}

// On a point, its own latent; between points, that of the nearest one moved.
async function checkHovering(driver) {
  await driver.go("model=mapped&tab=Map&latent=0");
  await driver.item("map");
  await hover(driver, [2, 2]);
  await driver.expectImages("map-point.f32");
  await hover(driver, [1.2, 1]);
  await driver.expectImages("map-between.f32");
  await driver.shoot("map-hover");
  await driver.expectHash("latent=0");
  await driver.expectHash("tab=Map");
}

async function checkSlots(driver) {
  await driver.go("model=mapped&tab=Map&latent=0&path=linear:16:10:stop");
  await driver.expectRest();
  const middle = [0.8, -2];
  assert(await brightness(driver, middle) < 100, "something is drawn where the path will be");
  await click(driver, [-2, -2]);
  await expectLatent(driver, [-1, -2, -2]);
  await driver.click("Use as A");
  await driver.expectHash("&a=-1,-");
  await click(driver, [2, -2]);
  await expectLatent(driver, [0, 2, -2]);
  await driver.click("Use as B");
  await driver.expectHash("&b=0,");
  await click(driver, [0, 0]);
  await until(async () => await brightness(driver, middle) > 200).catch(() => assert.fail("there is no path"));
  await driver.shoot("map-path");
  await driver.page.keyboard.press("Control+z");
  await expectLatent(driver, [0, 2, -2]);
  await driver.click("Explore from here");
  await driver.expectHash("tab=Explore");
}

// Another page restores what was shown; the plane of the two most influential numbers is the same here.
async function checkAddress(driver) {
  await driver.go("model=mapped&tab=Map&latent=0.5,2,2&a=0.5,2,2&b=0,-2,2");
  await driver.expectImages("map-point.f32");
  for (const part of ["tab=Map", "latent=0.5,2,2", "a=0.5,2,2", "b=0,-2,2"]) await driver.expectHash(part);
  await driver.click("z1 and z2");
  await driver.expectHash("plane=numbers");
  await hover(driver, [2, 2]);
  await driver.expectImages("map-point.f32");
  await driver.go("model=mapped&tab=Map&plane=numbers");
  const { y } = await driver.item("z1 and z2");
  assert.equal(await driver.page.getByRole("radio", { name: "z1 and z2" }).getAttribute("aria-checked"), "true", `at ${y}`);
  await driver.click("principal components");
  await driver.page.waitForFunction(() => !location.hash.includes("plane"));
}

async function checkDrawing(driver) {
  await driver.go("model=mapped&tab=Map&latent=0");
  await driver.expectRest();
  const before = await shot(driver);
  await driver.click("Encode");
  await driver.click("Example");
  await driver.expectHash("tab=Encode");
  await driver.expectRest();  // then the example is encoded
  await driver.click("Show on the map");
  await driver.expectHash("tab=Map");
  await driver.page.mouse.move(5, 5);  // nothing is drawn at the pointer
  await driver.expectRest();
  assert(!before.equals(await shot(driver)), "the drawing is not on the map");
  await driver.shoot("map-drawing");
}

async function checkArrows(driver) {
  await driver.go("model=mapped&tab=Map&latent=0");
  await driver.expectNodes(["slider map"]);
  await driver.tabTo("slider map");
  await driver.keys("ArrowRight", "ArrowRight");
  await expectLatent(driver, [0, 8 * kStep, 0]);
  await driver.keys("ArrowUp");
  await expectLatent(driver, [0, 8 * kStep, 4 * kStep]);
  await driver.keys("ArrowLeft", "ArrowDown");
  await expectLatent(driver, [0, 4 * kStep, 0]);
  await driver.expectFocus("slider map");
  const words = () => driver.page.evaluate(() => document.activeElement.getAttribute("aria-valuetext"));
  await until(async () => await words() === "0.09, 0.00, near cat").catch(async () => assert.fail(await words()));
}

async function checkSamplesMap(driver) {
  await driver.go("model=samples&tab=Map");
  await driver.item("map");
  await hover(driver, [0.9, 0.8], 1);
  await driver.expectImages("map-sample-2.f32");
  await click(driver, [0.9, -0.8], 1);
  await driver.expectImages("map-sample-1.f32");
  await driver.page.mouse.move(5, 5);
  await driver.expectRest();
  await driver.tabTo("slider map");
  await driver.keys("ArrowLeft");
  await driver.expectImages("map-sample-0.f32");
  await driver.shoot("map-samples");
}

async function checkPlane(driver) {
  await driver.go("model=flatmap&tab=Map&latent=1,1");
  await driver.item("map");
  await hover(driver, [0, 0], 1);
  await driver.expectImages("plane.f32");
  await driver.shoot("map-plane");
}

async function checkNoMap(driver) {
  await driver.go("model=tiny&tab=Map");
  const text = driver.page.locator("#mirror", { hasText: "pumice export RUN --web" });
  await text.waitFor({ state: "attached" });
}

async function checkPhone(driver) {
  await driver.go("model=mapped&tab=Map&latent=0");
  const { x, y } = await at(driver, [-2, 2]);
  await driver.page.touchscreen.tap(x, y);
  await driver.expectImages("map-left.f32");
  await expectLatent(driver, [0, -2, 2]);
  await driver.shoot("map-phone");
}

for (const check of [checkHovering, checkSlots, checkAddress, checkDrawing, checkArrows, checkSamplesMap, checkPlane, checkNoMap,
  checkPhone]) {
  await checks(Reader)(check === checkPhone ? kPhone : kDesk, async (driver) => {
    console.log(check.name);
    await check(driver);
    assert.equal(await driver.message(), "");
    assert.deepEqual(driver.errors, []);
  });
}
