// Two models side by side, the tour, and frames that draw only what changes, in headless Chromium:
//   node compare_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// FOLDER holds the models of TEST(Web, page_compares_models) in tests/web/page_test.cpp, and their images.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";

const { PNG } = createRequire(resolve(process.argv[2], "package.json"))("pngjs");
const kSize = { viewport: { width: 1280, height: 800 } };
const kWidth = 7, kHeight = 9;
const kMostApart = 2;  // of 255
const kStep = 5000;    // milliseconds

const hash = (driver) => driver.page.evaluate(() => location.hash);

// The largest difference between the grey image drawn at `label` and native values.
async function apart(driver, label, values) {
  const { left, top, right, bottom } = await driver.item(label);
  const clip = { x: Math.round(left), y: Math.round(top), width: Math.round(right - left), height: Math.round(bottom - top) };
  const { data, width, height } = PNG.sync.read(await driver.page.screenshot({ clip }));
  return Math.max(...Array.from(values, (value, i) => {
    const x = Math.floor((i % kWidth + 0.5) / kWidth * width);
    const y = Math.floor((Math.floor(i / kWidth) + 0.5) / kHeight * height);
    return Math.abs(data[4 * (y * width + x)] - 255 * Math.min(1, Math.max(0, value)));
  }));
}

async function expectDrawn(driver, label, values) {
  let found;
  await until(async () => (found = await apart(driver, label, values)) <= kMostApart)
    .catch(() => assert.fail(`${label}: ${found} of 255 apart`));
  console.log(`${label}: ${found.toFixed(1)} of 255 apart`);
}

async function choose(driver, name) {
  await driver.page.getByRole("combobox", { name: "other model" }).press("Enter");
  await driver.page.getByRole("option", { name }).press("Enter");
}

async function checkCompare(driver) {
  await driver.go("model=tiny&tab=Compare&latent=0.5,-1,2&seed=1");
  await driver.expectImages("explored.f32");
  await expectDrawn(driver, "image of tiny", driver.native("explored.f32"));
  await choose(driver, "other");
  await driver.expectHash("beside=other");
  await expectDrawn(driver, "image of other", driver.native("other-explored.f32"));
  await driver.shoot("compare");
  // A sample of either is shown by both.
  const { left, top, right, bottom } = await driver.item("samples of other");
  await driver.page.mouse.click(left + (right - left) * 0.375, top + (bottom - top) * 0.75, { delay: 60 });
  await expectDrawn(driver, "image of tiny", driver.native("seed1.f32").slice(5 * 63, 6 * 63));
  await expectDrawn(driver, "image of other", driver.native("other-seed1.f32").slice(5 * 63, 6 * 63));
}

// Latents of other sizes share the seed. The address brings both models back.
async function checkOtherSize(driver) {
  await driver.go("model=tiny&tab=Compare&seed=1&beside=wide");
  await expectDrawn(driver, "image of wide", driver.native("wide-first.f32"));
  await expectDrawn(driver, "image of tiny", driver.native("seed1.f32").slice(0, 63));
  await driver.click("Resample");
  await driver.expectHash("seed=2");
  await expectDrawn(driver, "image of tiny", driver.native("seed2.f32").slice(0, 63));
}

// A conditional model beside one that is not has its own class, which the address holds.
async function checkOtherClass(driver) {
  await driver.go("model=tiny&tab=Compare&seed=1&beside=named");
  await driver.page.getByRole("combobox", { name: "its class" }).press("Enter");
  await driver.page.getByRole("option", { name: "1: dog" }).press("Enter");
  await driver.expectHash("beside_class=1");
  const { left, top, right, bottom } = await driver.item("samples of named");
  await driver.page.mouse.click(left + (right - left) * 0.375, top + (bottom - top) * 0.75, { delay: 60 });
  await expectDrawn(driver, "image of named", driver.native("named-1.f32").slice(5 * 63, 6 * 63));
  await driver.go("model=tiny&tab=Compare&seed=1&latent=0.5,-1,2&beside=named&beside_class=9");
  await driver.expectHash("beside_class=2");
}

// The other model's download is shown, can be stopped, and be chosen again.
async function checkStop(driver) {
  await driver.go("model=tiny&tab=Compare&seed=1");
  await choose(driver, "other");
  await driver.item("Stop loading");
  await driver.shoot("compare-loading");
  await driver.click("Stop loading");
  await driver.page.waitForFunction(() => !location.hash.includes("beside"));
  release();
  await choose(driver, "other");
  await driver.item("image of other");
}

// A model that the server lacks: a message, and another can be chosen.
async function checkMissing(driver) {
  await driver.go("model=tiny&tab=Compare&seed=1&beside=gone");
  await driver.expectMessage(/^gone: could not be fetched: the server returned 404/);
  await driver.page.waitForFunction(() => !location.hash.includes("beside"));
  await driver.click("Close");
  await choose(driver, "other");
  await driver.item("image of other");
}

// The list of models arrives after a file was dropped.
async function checkLateOffers(driver) {
  await driver.page.goto(`${driver.address}/index.html`);
  await driver.page.waitForFunction(() => globalThis.pumice);
  await driver.drop("dropped.safetensors", readFileSync(join(driver.folder, "model.safetensors")));
  await driver.item("Resample");
  const tabs = () => driver.page.getByRole("tab").evaluateAll((all) => all.map(({ ariaLabel }) => ariaLabel));
  await until(async () => (await tabs()).at(-1) === "Bench");
  assert(!(await tabs()).includes("Compare"), "nothing to compare with yet");
  release();
  await driver.item("Compare");
  await until(async () => (await tabs()).at(-3) === "Compare");
  assert.equal((await tabs()).at(-1), "Bench");
}

// Holds back the answers for a path until they are released.
const held = { path: "", waiting: [] };
function holding(path) {
  held.path = path;
  return { alter: (asked) => (asked === held.path ? new Promise((done) => held.waiting.push(done)) : undefined) };
}
function release() {
  held.path = "";
  for (const done of held.waiting.splice(0)) done();
}

// It advances by itself, is not offered again, and is in the help.
async function checkTour(driver) {
  await driver.go("model=tiny&tab=Encode");
  await driver.item("Start the tour");
  await driver.expectRest();
  await driver.shoot("tour-offer");
  await driver.click("Start the tour");
  await driver.expectHash("tab=Sample");
  const start = Date.now();
  await driver.expectHash("tab=Explore");
  assert(Date.now() - start > 0.5 * kStep, "the first step is short");
  await driver.shoot("tour");
  await driver.click("End the tour");
  await driver.expectRest();
  await driver.go("model=tiny&tab=Encode");
  await driver.expectRest();
  const offered = await driver.page.evaluate(() => pumice.ccall("page_item", "number", ["string"], ["Start the tour"]));
  assert.equal(offered, 0, "the tour is offered again");
  await driver.click("Help (?)");
  await driver.click("Take the tour");
  await driver.expectHash("tab=Sample");
  await driver.page.keyboard.press("Escape");
  await driver.expectRest();
}

// Where nothing shall move by itself, the user advances it.
async function checkPatientTour(driver) {
  await driver.go("model=tiny&tab=Encode");
  await driver.click("Start the tour");
  await driver.expectHash("tab=Sample");
  await driver.page.waitForTimeout(1.3 * kStep);
  await driver.expectRest();
  assert.match(await hash(driver), /tab=Sample/);
  for (const tab of ["Explore", "Map", "Interpolate", "Encode", "Sample"]) {
    await driver.click("Next");
    await driver.expectHash(`tab=${tab}`);
  }
  await driver.click("Next");
  await driver.expectRest();
  const isOver = await driver.page.evaluate(() => !pumice.ccall("page_item", "number", ["string"], ["Next"]));
  assert(isOver, "the tour does not end");
}

// What partial frames have left on the canvas is what a whole one draws.
async function expectWhole(driver, where) {
  await driver.expectRest();
  const canvas = () => driver.page.evaluate(() => document.getElementById("canvas").toDataURL());
  const parts = PNG.sync.read(Buffer.from((await canvas()).split(",")[1], "base64"));
  await driver.page.evaluate(() => dispatchEvent(new Event("resize")));
  await driver.expectRest();
  const whole = PNG.sync.read(Buffer.from((await canvas()).split(",")[1], "base64"));
  assert.deepEqual([parts.width, parts.height], [whole.width, whole.height]);
  let different = 0;
  for (let i = 0; i < whole.data.length; i += 4) {
    if (parts.data.readUInt32LE(i) !== whole.data.readUInt32LE(i)) ++different;
  }
  assert.equal(different, 0, `${where}: ${different} pixels differ from those of a whole frame`);
  console.log(`${where}: as a whole frame`);
}

async function checkParts(driver) {
  await driver.go("model=tiny&tab=Explore&latent=0.5,-1,2");
  await driver.expectImages("explored.f32");
  await driver.expectRest();
  const { left, right, y } = await driver.item("z1");
  await driver.press({ x: left + 60, y }, { x: (left + right) / 2, y });
  await expectWhole(driver, "a dial was moved");
  await driver.click("Sample");
  await driver.click("Resample");
  await driver.page.mouse.move(600, 400, { steps: 5 });
  await expectWhole(driver, "another tab, other samples");
  await driver.click("Interpolate");
  await driver.click("Add way-point");
  await driver.page.waitForTimeout(1000);
  await driver.click("Pause");
  await expectWhole(driver, "an animation has played");
  await driver.click("Theme: system");
  await expectWhole(driver, "another theme");
}

async function checkWayPoints(driver) {
  await driver.go("model=tiny&tab=Interpolate&seed=1&a=1:0&b=1:1&via=1:5;0.5,-1,2&path=linear:6:20:tour");
  await driver.expectImages("tour.f32");
  await driver.shoot("way-points");
  await driver.click("Remove way-point");
  await driver.expectHash("via=1:5&");
  await driver.click("Swap");
  await driver.expectHash("a=1:1&b=1:0");
}

const run = (body, options = {}, more = {}) => checks(Driver)({ ...kSize, ...options }, async (driver) => {
  console.log(body.name);
  await body(driver);
  assert.equal(await driver.message(), "");
  assert.deepEqual(driver.errors, []);
}, more);

await run(checkCompare);
await run(checkOtherSize);
await run(checkOtherClass);
await run(checkStop, {}, holding("/models/other.safetensors"));
await run(checkMissing);
await run(checkLateOffers, {}, holding("/models/index.json"));
await run(checkTour, {}, { isNew: true });
await run(checkPatientTour, { reducedMotion: "reduce" }, { isNew: true });
for (const deviceScaleFactor of [1, 1.25, 2]) await run(checkParts, { deviceScaleFactor, colorScheme: "dark" });
await run(checkWayPoints);
