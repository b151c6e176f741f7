// The device that computes, in headless Chromium: WebGPU or the processor, as the page or the user
// chooses:
//   node device_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// The files are those of tests/web/page_test.cpp.
import assert from "node:assert";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";
import { image } from "./image.mjs";

const kSize = { viewport: { width: 1100, height: 720 } };
const kCard = /by the graphics card$/;
const kProcessor = /by the processor$/;
const withDriver = checks(Driver);

// Run in the browser, before the page: it has no WebGPU ...
function removeWebGpu() {
  Object.defineProperty(navigator, "gpu", { value: undefined });
}

// ... or adapters that are software, or not, and count the devices requested and not destroyed ...
function setAdapters(isSoftware) {
  if (!globalThis.GPU) return;  // about:blank
  Object.defineProperty(GPUAdapterInfo.prototype, "isFallbackAdapter", { get: () => isSoftware });
  const { requestDevice } = GPUAdapter.prototype;
  globalThis.devices = 0;
  GPUAdapter.prototype.requestDevice = async function (...values) {
    ++globalThis.devices;
    const device = await requestDevice.apply(this, values);
    device.lost.then(() => --globalThis.devices);
    return device;
  };
}

// ... or an adapter that comes only when the test calls answer().
function delayAdapter() {
  if (!globalThis.GPU) return;
  const { requestAdapter } = GPU.prototype;
  const call = new Promise((done) => { globalThis.answer = done; });
  GPU.prototype.requestAdapter = async function (...values) {
    await call;
    return requestAdapter.apply(this, values);
  };
}

const devices = (driver) => driver.page.evaluate(() => globalThis.devices);
const memory = (driver) => driver.page.evaluate(() => [0, 1].map((what) => pumice._page_device_memory(what)));

async function checkTabs(driver) {
  await driver.go();
  await driver.expectImages("seed1.f32");
  await driver.go("model=tiny&tab=Explore&latent=0.5,-1,2");
  await driver.expectImages("explored.f32");
  await driver.expectSliderOrder();
  await driver.go("model=tiny&tab=Interpolate&seed=1&path=spherical:16:30:loop");
  await driver.expectImages("path.f32");
  await driver.go("model=tiny&tab=Sample&seed=1");
  await driver.expectImages("seed1.f32");
  await driver.drop("grays.png", image(driver, "grays.u8", 1));
  await driver.expectImages("grays-again.f32");
  assert.equal(await driver.message(), "");
  assert.deepEqual(driver.errors, []);
}

async function checkWithout(driver) {
  await driver.page.addInitScript(removeWebGpu);
  await checkTabs(driver);
  await driver.expectDevice(kProcessor, /^This browser has no WebGPU\. Try/);
  await driver.click("Device");
  await driver.click("Graphics card (WebGPU)");
  await driver.expectMessage(/no WebGPU\. Try.*The processor computes instead/);
  await driver.shoot("device-without");
  await driver.go("model=tiny&seed=2");  // the wish was not remembered
  await driver.expectImages("seed2.f32");
  assert.equal(await driver.message(), "");
}

async function checkSoftware(driver) {
  await driver.page.addInitScript(setAdapters, true);
  await checkTabs(driver);
  await driver.expectDevice(kProcessor, /^WebGPU has no graphics card here/);
  assert.equal(await devices(driver), 0);
}

// The model and what is shown stay, and the choice is remembered.
async function checkChoice(driver) {
  await driver.page.addInitScript(setAdapters, false);
  await driver.go("model=tiny&tab=Device&seed=2");
  await driver.expectDevice(kCard);
  await driver.click("Processor");
  await driver.expectDevice(kProcessor);
  await until(async () => await devices(driver) === 0).catch(() => assert.fail("WebGPU is kept"));
  await driver.expectImages("middle.f32");  // the model is open again
  await driver.expectHash("tab=Device");
  await driver.shoot("device-processor");
  await driver.click("Sample");
  await driver.expectImages("seed2.f32");
  await driver.go("model=tiny&tab=Device&seed=1");
  await driver.expectDevice(kProcessor);
  assert.equal(await devices(driver), 0);
  await driver.click("Graphics card (WebGPU)");
  await driver.expectDevice(kCard);
  await driver.expectImages("middle.f32");
  await driver.click("Sample");
  await driver.expectImages("seed1.f32");
  driver.device = "cpu";  // only for this visit
  await driver.go("model=tiny");
  await driver.expectDevice(kProcessor);
  driver.device = "";
  await driver.go("model=tiny");
  await driver.expectDevice(kCard);
  assert.equal(await driver.message(), "");
  assert.deepEqual(driver.errors, []);
}

async function checkMemory(driver) {
  await driver.page.addInitScript(setAdapters, false);
  await driver.go("model=tiny&tab=Device");
  await driver.expectDevice(kCard);
  const measured = [];
  for (let round = 0; round < 3; ++round) {
    await driver.click("Processor");
    await driver.expectDevice(kProcessor);
    await driver.expectImages("middle.f32");
    await driver.expectRest();
    measured.push(await memory(driver));
    await driver.click("Graphics card (WebGPU)");
    await driver.expectDevice(kCard);
    await driver.expectImages("middle.f32");
  }
  console.log(`buffers, bytes: ${measured.join("; ")}`);
  assert(measured[0][0] > 0 && measured[0][1] > 0);
  assert.deepEqual(measured[2], measured[0]);
}

// The processor computes until WebGPU answers; what is shown then stays.
async function checkLate(driver) {
  await driver.page.addInitScript(setAdapters, false);
  await driver.page.addInitScript(delayAdapter);
  await driver.go();
  await driver.expectImages("seed1.f32");
  await driver.expectDevice(kProcessor, /too long to answer/);
  assert.equal(await devices(driver), 0);
  await driver.click("Resample");
  await driver.expectImages("seed2.f32");
  await driver.page.evaluate(() => globalThis.answer());
  await driver.expectDevice(kCard);
  await driver.expectImages("seed2.f32");
  await driver.expectHash("seed=2");
  const before = await driver.shown();
  await driver.click("Resample");
  await driver.expectOtherImages(before);
  await driver.go("model=tiny&tab=Device");
  await driver.expectDevice(kProcessor, /too long to answer/);
  await driver.click("Processor");
  await driver.expectDevice(kProcessor);
  await driver.page.evaluate(() => globalThis.answer());  // too late: the user has chosen
  await driver.expectRest();
  await driver.expectDevice(kProcessor);
  await until(async () => await devices(driver) === 0).catch(() => assert.fail("WebGPU is kept"));
  assert.equal(await driver.message(), "");
  assert.deepEqual(driver.errors, []);
}

// WebGPU answers late that it has no graphics card.
async function checkLateWithout(driver) {
  await driver.page.addInitScript(setAdapters, true);
  await driver.page.addInitScript(delayAdapter);
  await driver.go();
  await driver.expectDevice(kProcessor, /too long to answer/);
  await driver.page.evaluate(() => globalThis.answer());
  await driver.expectDevice(kProcessor, /^WebGPU has no graphics card here/);
  await driver.expectImages("seed1.f32");
  assert.deepEqual(driver.errors, []);
}

// A tab that was asked for but has not been drawn yet is not forgotten.
async function checkTab(driver) {
  driver.device = "cpu";
  await driver.go("model=tiny&tab=Sample&seed=1");
  await driver.expectImages("seed1.f32");
  await driver.page.evaluate(() => {  // in one task, between two frames
    pumice.ccall("page_restore", null, ["string"], ["model=tiny\ntab=Encode\nseed=2"]);
    pumice.ccall("page_take_device", null, ["number", "number", "string"], [0, 1, ""]);
  });
  await driver.click("tiny");
  await driver.expectHash("tab=Encode");
  await driver.expectHash("seed=2");
  await driver.item("Invert");
}

// Where the server isolates the page, the processor has threads, which compute the same bytes as one. The
// images of both are kept in kDrawn.
const kDrawn = [];

async function checkThreads(driver, isIsolated) {
  driver.device = "cpu";
  await driver.go("model=tiny&tab=Sample&seed=1");
  await driver.expectImages("seed1.f32");
  for (let i = 0; i < 5; ++i) {  // they begin after the first images
    const before = await driver.shown();
    await driver.click("Resample");
    await driver.expectOtherImages(before);
  }
  await driver.go("model=deep&tab=Sample&seed=3");
  await driver.expectRest();
  kDrawn.push(await driver.shown());
  await driver.go("model=tiny&tab=Device");
  await driver.expectDevice(kProcessor);
  const cores = await driver.page.evaluate(() => navigator.hardwareConcurrency);
  assert.equal(await driver.page.evaluate(() => crossOriginIsolated), isIsolated);
  const threads = isIsolated && cores > 1 ? `${Math.min(cores, 8)} threads` : "one thread";
  await driver.item("Measure 100 decodes");
  await until(async () => (await driver.page.locator("#mirror").textContent()).includes(`${threads} of WebAssembly`))
    .catch(() => assert.fail(`the tab does not say ${threads}`));
  assert.equal(await driver.message(), "");
  assert.deepEqual(driver.errors, []);
}

const checkOneThread = (driver) => checkThreads(driver, false);
const checkSeveralThreads = (driver) => checkThreads(driver, true);

for (const check of [checkWithout, checkSoftware, checkTab, checkChoice, checkMemory, checkLate, checkLateWithout, checkOneThread]) {
  console.log(check.name);
  await withDriver(kSize, check);
}
console.log("checkSeveralThreads");
await withDriver(kSize, checkSeveralThreads, { isolated: true });
assert.deepEqual(kDrawn[1], kDrawn[0], "the images depend on the number of threads");
assert(kDrawn[0].length > 0);
await withDriver(kSize, checkTabs, { isolated: true });
