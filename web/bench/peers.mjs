// Compares the page's engine with TensorFlow.js and onnxruntime-web in headless Chromium:
//   node peers.mjs FOLDER_OF_NODE_MODULES PEERS_NODE_MODULES SITE [--backend wasm|webgpu] [--batch N]… [--rounds N]
//                  CHECKPOINT…
// The same decoders with the same weights, in interleaved rounds after a warm-up; every result is
// read back to the host and equals ours within 1e-4. Prints a Markdown table per batch size.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { withPage } from "../../tests/web/e2e/browser.mjs";
import { decoderOf } from "./network.mjs";
import { onnxModel } from "./onnx.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backend: { type: "string", default: "wasm" },
    batch: { type: "string", multiple: true, default: ["1", "64"] },
    rounds: { type: "string", default: "15" },
  },
});
const [modules, peers, site, ...checkpoints] = positionals;
const kTolerance = 1e-4;
const kPage = ["peers.html", "peers_page.mjs", "network.mjs", "sides.mjs", "tensorflow.mjs"];

const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const quantile = (numbers, share) => sorted(numbers)[Math.round(share * (numbers.length - 1))];
const median = (numbers) => quantile(numbers, 0.5);

const nameOf = (checkpoint) => basename(checkpoint) === "checkpoint.safetensors"
  ? basename(dirname(resolve(checkpoint))) : basename(checkpoint, ".safetensors");

// "0.14 (0.9×)": milliseconds, and the median of the rounds' ratios to ours.
function cell({ problem, apart, milliseconds }, ours) {
  if (problem) return `does not run: ${problem.replace(/\s+/g, " ").slice(0, 80)}`;
  if (!(apart <= kTolerance)) return `wrong: ${apart} apart`;
  const time = median(milliseconds).toPrecision(3);
  if (!ours || milliseconds === ours) return time;
  return `${time} (${median(milliseconds.map((value, i) => value / ours[i])).toFixed(2)}×)`;
}

function rowOf(name, results) {
  const ours = results[0].milliseconds;
  return `| ${name} | ${results.map((result) => cell(result, ours)).join(" | ")} |`;
}

function printHead(batch, results) {
  console.log(`\n| batch ${batch}, ${values.backend}, ms | ${results.map(({ side }) => side).join(" | ")} |`);
  console.log(`|---|${"---|".repeat(results.length)}`);
}

function files(folder, checkpoint) {
  writeFileSync(join(folder, "model.onnx"), onnxModel(decoderOf(new Uint8Array(readFileSync(checkpoint))), peers));
  const others = { "/model.safetensors": checkpoint, "/model.onnx": join(folder, "model.onnx") };
  for (const name of kPage) others[`/bench/${name}`] = fileURLToPath(new URL(name, import.meta.url));
  return others;
}

async function compare(checkpoint, batch) {
  const folder = mkdtempSync(join(tmpdir(), "pumice-peers-"));
  const options = { modules, site, others: files(folder, checkpoint), folders: { "/modules/": join(peers, "node_modules") } };
  const settings = {
    backend: values.backend, batch, rounds: Number(values.rounds), blockMilliseconds: 100, threads: cpus().length,
  };
  try {
    return await withPage({ ...options, isolated: true, onLine: () => {} }, async (page, address) => {
      await page.goto(`${address}/bench/peers.html`);
      await page.waitForFunction(() => window.compare);
      return page.evaluate((chosen) => window.compare(chosen), settings);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const batch of values.batch.map(Number)) {
  let hasHead = false;
  for (const checkpoint of checkpoints) {
    const results = await compare(checkpoint, batch);
    if (!hasHead) printHead(batch, results);
    hasHead = true;
    console.log(rowOf(nameOf(checkpoint), results));
  }
}
