// Plays an endlessly wandering interpolation in headless Chromium; memory must not grow:
//   node memory_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SECONDS [DEVICE [isolated]]]
// In an isolated page, the processor has threads.
import assert from "node:assert";
import { checks } from "./browser.mjs";
import { Driver } from "./driver.mjs";

const [, , , , , seconds = 30, device = "", isolated = ""] = process.argv;
process.argv.length = 5;
const kMeasurements = 10;
const kSlack = 512 * 1024;  // for the JavaScript heap, whose size after a collection varies

// Bytes: the JavaScript heap after a collection, the program's memory, the part of it in use, and
// the device's buffers.
async function measure(driver, session) {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const own = await driver.page.evaluate(() => ({
    wasm: pumice.HEAPU8.length, used: pumice._page_heap(),
    buffers: pumice._page_device_memory(0), device: pumice._page_device_memory(1),
    decodes: pumice._page_decode_count(),
  }));
  return { script: usedSize, ...own };
}

function expectNoGrowth(early, late) {
  assert(late.script <= early.script + kSlack, `the JavaScript heap grew by ${late.script - early.script}`);
  assert.equal(late.wasm, early.wasm, "the program's memory grew");
  assert(late.used <= early.used * 1.02 + 4096, `${late.used - early.used} bytes leaked`);
  assert(late.buffers <= early.buffers && late.device <= early.device, "the device's buffers grew");
}

await checks(Driver)({ viewport: { width: 900, height: 620 } }, async (driver) => {
  const session = await driver.page.context().newCDPSession(driver.page);
  driver.device = device;
  await driver.go("model=tiny&tab=Interpolate&seed=1&path=spherical:12:60:wander");
  await driver.page.waitForTimeout(5000);  // until everything that is created once exists
  const measurements = [];
  for (let i = 0; i <= kMeasurements; ++i) {
    measurements.push(await measure(driver, session));
    console.log(JSON.stringify(measurements.at(-1)));
    if (i < kMeasurements) await driver.page.waitForTimeout(1000 * seconds / kMeasurements);
  }
  const decodes = measurements.at(-1).decodes - measurements[0].decodes;
  assert(decodes >= seconds / 2, `only ${decodes} decodes`);
  expectNoGrowth(measurements[1], measurements.at(-1));
  console.log(`${decodes} decodes in ${seconds} s: nothing grew`);
}, { isolated: isolated !== "" });
