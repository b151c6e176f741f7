// Compares the page's engine with TensorFlow.js and onnxruntime-web in one headless Chromium:
//   node peers.mjs FOLDER_OF_NODE_MODULES PEERS_NODE_MODULES SITE CHECKPOINT [batch...]
// The same decoder with the same weights, in interleaved rounds after a warm-up; every result is
// read back to the host and equals ours within 1e-4. Prints a Markdown table per batch size.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withPage } from "../../tests/web/e2e/browser.mjs";
import { decoderLayers, onnxModel } from "./decoder.mjs";

const [modules, peers, site, checkpoint, ...batches] = process.argv.slice(2);
const kTolerance = 1e-4;
const kSettings = { rounds: 15, blockMilliseconds: 100, threads: cpus().length };

const sorted = (values) => [...values].sort((a, b) => a - b);
const quantile = (values, share) => sorted(values)[Math.round(share * (values.length - 1))];
const median = (values) => quantile(values, 0.5);

function row({ side, problem, apart, milliseconds }, ours) {
  if (problem) return `| ${side} | does not run: ${problem} | | |`;
  if (!(apart <= kTolerance)) return `| ${side} | wrong: ${apart} apart | | |`;
  const ratios = milliseconds.map((value, i) => value / ours[i]);
  const spread = `${quantile(ratios, 0.25).toFixed(2)} … ${quantile(ratios, 0.75).toFixed(2)}`;
  const ratio = (median(milliseconds) / median(ours)).toFixed(2);
  return `| ${side} | ${median(milliseconds).toFixed(2)} | ${ratio} | ${spread} |`;
}

function print(batch, results) {
  const ours = results[0].milliseconds;
  console.log(`\n| batch ${batch} | median ms | time / Pumice's | quartiles per round |`);
  console.log("|---|---|---|---|");
  for (const result of results) console.log(row(result, ours));
}

function files(folder) {
  const layers = decoderLayers(readFileSync(checkpoint));
  writeFileSync(join(folder, "model.onnx"), onnxModel(layers, peers));
  writeFileSync(join(folder, "layers.json"), JSON.stringify(
    layers.map((layer) => ({ ...layer, weight: [...layer.weight], bias: [...layer.bias] }))));
  const others = { "/model.safetensors": checkpoint };
  for (const name of ["model.onnx", "layers.json"]) others[`/${name}`] = join(folder, name);
  for (const name of ["peers.html", "peers_page.mjs", "sides.mjs"]) {
    others[`/bench/${name}`] = fileURLToPath(new URL(name, import.meta.url));
  }
  return others;
}

const folder = mkdtempSync(join(tmpdir(), "pumice-peers-"));
try {
  const options = { modules, site, others: files(folder), folders: { "/modules/": join(peers, "node_modules") } };
  for (const batch of batches.length ? batches.map(Number) : [1, 64]) {
    const results = await withPage({ ...options, isolated: true, onLine: () => {} }, async (page, address) => {
      await page.goto(`${address}/bench/peers.html`);
      await page.waitForFunction(() => window.compare);
      return page.evaluate((settings) => window.compare(settings), { ...kSettings, batch });
    });
    print(batch, results);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
