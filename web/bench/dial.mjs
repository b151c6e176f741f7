// The time from moving a dial until the browser has the canvas with its image, in headless Chromium:
//   node dial.mjs FOLDER_OF_NODE_MODULES MODEL.safetensors SITE… [--moves N] [--rounds N]
// Prints medians in milliseconds for each SITE (build/web/site of several commits), by turns, and their
// ratio to the first: for the processor and for WebGPU, at one and two device pixels for each of the page's.
import { parseArgs } from "node:util";
import { withPage } from "../../tests/web/e2e/browser.mjs";
import { Driver } from "../../tests/web/e2e/driver.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { moves: { type: "string", default: "30" }, rounds: { type: "string", default: "3" } },
});
const [modules, model, ...sites] = positionals;

// Runs in the page.
function watchMoves() {
  addEventListener("pointermove", (event) => { globalThis.movedAt = event.timeStamp; }, true);
}

// Runs in the page. The browser takes the canvas, which waits for WebGL if that is software, in the task that
// draws the frame: the message arrives after that.
function watchFrames() {
  const { port1, port2 } = new MessageChannel();
  const frame = pumice._page_frame;
  pumice._page_frame = () => {
    const due = frame();
    if (pumice._page_decode_count() !== globalThis.decodesBefore) port2.postMessage("");
    return due;
  };
  port1.onmessage = () => globalThis.drawn?.(performance.now() - globalThis.movedAt);
}

// Runs in the page: resolves, once the decode after `before` has been drawn, to the time since the move.
function drawn(before) {
  globalThis.decodesBefore = before;
  return new Promise((done) => { globalThis.drawn = done; });
}

async function measure(site, device, deviceScaleFactor) {
  const options = { viewport: { width: 1280, height: 800 }, deviceScaleFactor };
  const others = { "/models/model.safetensors": model, "/models/index.json": new URL("dial_models.json", import.meta.url).pathname };
  return withPage({ modules, site, others, options, onLine: () => {} }, async (page, address) => {
    const driver = new Driver(page, address);
    driver.device = device;
    await page.addInitScript(watchMoves);
    await driver.go("tab=Explore");
    await driver.expectRest();
    await page.evaluate(watchFrames);
    const dials = await page.evaluate(() => ["direction 1", "z0"].find((label) => pumice.ccall("page_item", "number", ["string"], [label])));
    const { left, right, y } = await driver.item(dials);
    await page.mouse.move((left + right) / 2, y);
    await page.mouse.down();
    await page.waitForTimeout(300);
    const times = [];
    for (let i = 0; i < Number(values.moves); ++i) {
      const before = await driver.decodes();
      const time = page.evaluate(drawn, before);
      await page.mouse.move(left + (right - left) * (0.3 + 0.4 * ((i * 7) % 10) / 10), y);
      times.push(await time);
      await page.waitForTimeout(50);
    }
    await page.mouse.up();
    return times;
  });
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

for (const device of ["cpu", "webgpu"]) {
  for (const scale of [1, 2]) {
    const medians = sites.map(() => []);
    for (let round = 0; round < Number(values.rounds); ++round) {
      for (const [i, site] of sites.entries()) medians[i].push(median(await measure(site, device, scale)));
    }
    for (const [i, site] of sites.entries()) {
      const ratio = median(medians[i].map((time, round) => time / medians[0][round]));
      console.log(`${device} ${scale}x ${site}: ${median(medians[i]).toFixed(1)} ms (${medians[i].map((time) => time.toFixed(1)).join(", ")}), ratio ${ratio.toFixed(2)}`);
    }
  }
}
