// The page's messages when things go wrong in headless Chromium, and its recovery:
//   node trouble_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checks } from "./browser.mjs";
import { Driver } from "./driver.mjs";

const kSize = { viewport: { width: 1100, height: 720 } };
const withDriver = checks(Driver);
const model = readFileSync(join(process.argv[4], "model.safetensors"));

// The same file with one text replaced by another of the same length.
function changed(from, to) {
  const at = model.indexOf(from);
  assert(at >= 0 && from.length === to.length, `no ${from} in the checkpoint`);
  const bytes = Buffer.from(model);
  bytes.write(to, at);
  return bytes;
}

async function checkFiles(driver) {
  await driver.go("model=tiny&seed=2");
  await driver.expectImages("seed2.f32");
  const refuse = async (name, bytes, pattern) => {
    await driver.drop(name, bytes);
    await driver.page.waitForFunction(
      (text) => pumice.ccall("page_message", "string").includes(text), name.split(".")[0]);
    await driver.expectMessage(pattern);
    await driver.expectImages("seed2.f32");  // the open model is kept
  };
  await refuse("holiday.txt", Buffer.from("this is not a checkpoint at all"), /not a safetensors.*Drop a/);
  await driver.shoot("bad-file");
  await refuse("empty.safetensors", Buffer.alloc(0), /not a safetensors/);
  await refuse("version.safetensors", changed('"version":"2"', '"version":"9"'), /newer version.*is version 9.*update the page/);
  await refuse("network.safetensors", changed("encoder", "decoder"), /This page reads/);
  await refuse("header.safetensors", model.subarray(0, 60), /truncated.*copy it again/);
  await refuse("short.safetensors", model.subarray(0, model.length - 100), /copy it again/);
  await refuse("broken.png", Buffer.from("\x89PNG and no more", "latin1"), /cannot read this as an image.*Drop a PNG/);
  await driver.drop("good.safetensors", model);
  await driver.expectImages("seed1.f32");
  assert.equal(await driver.message(), "");
}

async function checkMissingModels(driver) {
  await driver.go("model=absent");
  await driver.expectMessage(/model 'absent'.*not available here.*Drop/);
  await driver.go("model=gone");
  await driver.expectMessage(/gone: could not be fetched.*404/);
  await driver.drop("photo.png", Buffer.from("\x89PNG", "latin1"));
  await driver.expectMessage(/open a model first/);
  await driver.drop("good.safetensors", model);
  await driver.expectImages("seed1.f32");
}

async function checkLostDevice(driver) {
  driver.device = "webgpu";
  await driver.go("model=tiny&tab=Explore&latent=0.5,-1,2");
  await driver.expectImages("explored.f32");
  await driver.page.evaluate(() => pumice.gpuDevice.destroy());
  await driver.expectMessage(/device was lost.*Reconnect, or let the processor/);
  await driver.shoot("lost-device");
  await driver.click("Reset");  // has no effect and does no harm
  await driver.page.waitForTimeout(300);
  await driver.expectMessage(/device was lost/);
  await driver.click("Reconnect");
  await driver.page.waitForFunction(() => pumice.ccall("page_message", "string") === "");
  await driver.expectImages("middle.f32");
  await driver.expectHash("tab=Explore");
  await driver.click("Sample");
  await driver.expectImages("seed1.f32");
  await driver.page.evaluate(() => pumice.gpuDevice.destroy());
  await driver.expectMessage(/device was lost/);
  await driver.click("Use the processor");
  await driver.expectDevice(/by the processor$/);
  await driver.click("Resample");
  await driver.expectImages("seed2.f32");
  assert.equal(await driver.message(), "");
}

// Runs in the browser: limits devices to 1024 of something.
function limitDevice(name) {
  const { get } = Object.getOwnPropertyDescriptor(GPUDevice.prototype, "limits");
  Object.defineProperty(GPUDevice.prototype, "limits", {
    get() {
      const limits = get.call(this);
      return new Proxy(limits, { get: (_, each) => (each === name ? 1024 : limits[each]) });
    },
  });
}

// Tensors larger than a binding are computed in parts.
async function checkSmallBindings(driver) {
  driver.device = "webgpu";
  await driver.page.addInitScript(limitDevice, "maxStorageBufferBindingSize");
  await driver.go();
  await driver.expectImages("seed1.f32");
}

// Starts the page with `change` applied to the browser. The processor computes, and the page says why.
async function checkStart(name, change, reason) {
  await withDriver(kSize, async (driver) => {
    await driver.page.addInitScript(change);
    await driver.go();
    await driver.expectDevice(/by the processor$/, reason);
    await driver.expectImages("seed1.f32");
    assert.equal(await driver.message(), "");
    await driver.shoot(name);
    driver.device = "webgpu";  // a wish, which the page has to refuse
    await driver.go();
    await driver.expectMessage(reason);
    await driver.expectImages("seed1.f32");
    assert.match(await driver.message(), /The processor computes instead\.$/);
  });
}

async function checkTooLarge(driver) {
  driver.device = "webgpu";
  await driver.page.addInitScript(limitDevice, "maxBufferSize");
  await driver.go();
  await driver.expectMessage(/1024.*Too large for this device: choose a smaller/);
  await driver.item("tiny");  // drawing continues and shows the list
  await driver.shoot("too-large");
}

await withDriver(kSize, async (driver) => {
  await checkFiles(driver);
  await checkMissingModels(driver);
  await checkLostDevice(driver);
  driver.device = "";
});
await checkStart("without-webgpu", () => {
  Object.defineProperty(navigator, "gpu", { value: undefined });
}, /no WebGPU\. Try/);
await checkStart("without-adapter", () => {
  GPU.prototype.requestAdapter = async () => null;
}, /no graphics adapter/);
await checkStart("refused-device", () => {
  if (!globalThis.GPU) return;  // about:blank
  Object.defineProperty(GPUAdapterInfo.prototype, "isFallbackAdapter", { get: () => false });
  GPUAdapter.prototype.requestDevice = async () => { throw new Error("The adapter is busy."); };
}, /adapter is busy/);
await withDriver(kSize, checkTooLarge);
await withDriver(kSize, checkSmallBindings);
