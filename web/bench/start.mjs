// The time from opening the page to its first image, in headless Chromium without anything in its cache:
//   node start.mjs PUMICE FOLDER_OF_NODE_MODULES RUN_OR_FILE… [--times N]
// PUMICE is the program, whose `serve` sends the page. Prints milliseconds: the median and all of them,
// from localhost and at 10 Mbit/s with 40 ms of latency (throttled by the browser), for each file.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { withPage } from "../../tests/web/e2e/browser.mjs";

const kNetworks = {
  "localhost": null,
  "10 Mbit/s, 40 ms": { offline: false, latency: 40, downloadThroughput: 10e6 / 8, uploadThroughput: 10e6 / 8 },
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { times: { type: "string", default: "5" } } });
const [program, modules, ...files] = positionals;

async function serving(file, body) {
  const server = spawn(program, ["serve", file, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = await once(server.stdout, "data");
    return await body(/http:\S+/.exec(line)[0]);
  } finally {
    server.kill();
  }
}

// Runs in the page: sets `firstImage` in the frame after the one that draws the first image.
function watch() {
  const look = () => {
    if (globalThis.pumice?._page_shown_count() > 0) requestAnimationFrame((now) => { globalThis.firstImage = now; });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

function measure(address, network) {
  return withPage({ modules, site: ".", options: { viewport: { width: 1280, height: 800 } }, onLine: () => {} }, async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    if (network) await session.send("Network.emulateNetworkConditions", network);
    let bytes = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => { bytes += encodedDataLength; });
    await page.addInitScript(watch);
    await page.goto(address);
    await page.waitForFunction(() => globalThis.firstImage, undefined, { timeout: 120_000 });
    return { time: await page.evaluate(() => globalThis.firstImage), bytes };
  });
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

for (const file of files) {
  await serving(file, async (address) => {
    for (const [name, network] of Object.entries(kNetworks)) {
      const found = [];
      for (let i = 0; i < Number(values.times); ++i) found.push(await measure(address, network));
      const times = found.map(({ time }) => Math.round(time));
      console.log(`${file}\t${name}\tmedian ${median(times)} ms\t${times.join(" ")}\t${found[0].bytes} bytes`);
    }
  });
}
