// The Bench tab in headless Chromium, on the processor and on WebGPU:
//   node bench_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// Leaves FOLDER/bench-cpu.json and bench-webgpu.json, which tests/web/page_test.cpp reads as the native program does.
import assert from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";

const kDesk = { viewport: { width: 1100, height: 720 } };
const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const kShort = "bench-seconds=1&bench-workload=vae-mlp-mnist";
const kMeasuring = 300_000;  // milliseconds: without a GPU, WebGPU is slow, and the machine may be busy
const withDriver = checks(Driver);

async function open(driver, device, options = kShort) {
  await driver.page.goto("about:blank");
  await driver.page.goto(`${driver.address}/index.html?device=${device}&${options}#model=tiny&tab=Bench`);
  await driver.page.waitForFunction(() => globalThis.pumice);
}

const isDrawn = (driver, label) => driver.page.evaluate((text) => {
  globalThis.dispatchEvent(new Event("resize"));  // causes a frame, which reports its items
  return pumice.ccall("page_item", "number", ["string"], [text]) !== 0;
}, label);

const words = (driver) => driver.page.locator("#mirror").innerText();

async function expectResult(driver) {
  for (const end = Date.now() + kMeasuring; !await isDrawn(driver, "Save JSON");) {
    assert(!await isDrawn(driver, "Try again"), await words(driver));
    assert(Date.now() < end, `the benchmark does not end: ${await words(driver)}`);
    await driver.page.waitForTimeout(500);
  }
}

function checkJson(result, device) {
  assert.equal(result.format, "pumice-bench");
  assert.equal(result.seconds, 1);
  assert.match(result.device.driver, /^Chrom\w+ \d+/);
  assert.match(result.device.name, device === "cpu" ? /^WebAssembly, one thread of \d+$/ : /./);
  assert.match(result.os, /Linux/);
  assert.equal(result.ceilings.length, 5);
  for (const { name, median, unit, samples } of [...result.ceilings, ...result.training]) {
    console.log(`${device}: ${name}: ${median} ${unit}, ${samples.length} samples`);
    assert(median > 0 && samples.length > 0, name);
  }
  const [{ name, batch, gate }] = result.training;
  assert.deepEqual([name, batch, gate.verdict], ["vae-mlp-mnist", 128, "valid"], gate.text);
  assert(gate.steps >= 2);
}

// Measures, while the page stays as responsive as ever; copies and saves the result.
async function checkDevice(driver, device) {
  await driver.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(driver, device);
  await driver.click("Run the benchmark");
  await driver.item("Stop");
  await driver.shoot(`bench-${device}-running`);
  await driver.click("Sample");
  await driver.expectImages("seed1.f32");
  await driver.click("Bench");
  await expectResult(driver);
  const bytes = await driver.save("Save JSON");
  writeFileSync(join(driver.folder, `bench-${device}.json`), bytes);
  const result = JSON.parse(bytes);
  checkJson(result, device);
  await driver.click("Copy as Markdown");
  const copied = () => driver.page.evaluate(() => navigator.clipboard.readText());
  await until(async () => (await copied()).startsWith("pumice ")).catch(async () => assert.fail(await copied()));
  assert.match(await copied(), new RegExp(`\\| ${result.device.driver} \\| ${result.os} \\|`));
  assert.match(await copied(), /\| vae-mlp-mnist \| [\d,.]+ \|/);
  await driver.shoot(`bench-${device}`);
  await driver.click("Sample");
  await driver.click("named");  // the result is the device's, not the model's
  await driver.expectImages("named-0.f32");
  await driver.click("Bench");
  await driver.click("Run again");
  await driver.item("Run the benchmark");
  assert.deepEqual(driver.errors, []);
}

async function checkStop(driver) {
  await open(driver, "cpu", "bench-seconds=1000");
  await driver.click("Run the benchmark");
  await until(async () => /Measuring/.test(await words(driver))).catch(async () => assert.fail(await words(driver)));
  await driver.click("Stop");
  await driver.item("Run the benchmark");
  await driver.expectRest();
}

async function checkMissing(driver) {
  await open(driver, "cpu");
  await driver.click("Run the benchmark");
  await driver.item("Try again");
  assert.match(await words(driver), /could not be loaded/);
}

async function checkPhone(driver) {
  await open(driver, "cpu");
  await driver.item("Run the benchmark");
  await driver.shoot("bench-phone-start");
  await driver.click("Run the benchmark");
  await expectResult(driver);
  await driver.shoot("bench-phone");
}

await withDriver(kDesk, (driver) => checkDevice(driver, "cpu"));
await withDriver(kDesk, (driver) => checkDevice(driver, "webgpu"));
await withDriver(kDesk, checkStop);
await withDriver(kDesk, checkMissing, { alter: (path, answer) => {
  if (path.startsWith("/benchmark/")) Object.assign(answer, { status: 404, content: undefined });
} });
await withDriver(kPhone, checkPhone);
