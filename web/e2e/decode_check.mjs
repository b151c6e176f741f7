// Decodes in headless Chromium and compares with pictures made elsewhere:
//   node decode_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER
// FOLDER holds model.safetensors, latents.f32 and pictures.f32. Prints one line, fails beyond 2e-3.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";

const [modules, site, folder] = process.argv.slice(2);
const { chromium } = createRequire(resolve(modules, "package.json"))("playwright-core");
const kTypes = { ".html": "text/html", ".mjs": "text/javascript", ".wasm": "application/wasm" };
const kTolerance = 2e-3;

function serve() {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const file = path === "/model.safetensors" ? join(folder, path) : join(site, path);
    try {
      response.setHeader("content-type", kTypes[extname(file)] ?? "application/octet-stream");
      response.end(readFileSync(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

// SwiftShader is WebGPU's adapter where there is no GPU.
async function openBrowser(profile) {
  return chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--enable-unsafe-webgpu"],
  });
}

function floats(name) {
  const bytes = readFileSync(join(folder, name));
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

async function decodeInBrowser(port, latents, count) {
  const profile = mkdtempSync(join(tmpdir(), "pumice-chromium-"));
  const browser = await openBrowser(profile);
  try {
    const page = await browser.newPage();
    page.on("console", (line) => console.error(line.text()));
    page.on("pageerror", (error) => console.error(error.message));
    await page.goto(`http://127.0.0.1:${port}/e2e/decode.html`);
    await page.waitForFunction(() => window.decode);
    return await page.evaluate(
      ([values, n]) => window.decode("/model.safetensors", values, n, 20), [latents, count]);
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

const expected = floats("pictures.f32");
const latents = floats("latents.f32");
const count = Number(readFileSync(join(folder, "count"), "utf8"));
const server = await serve();
const { pictures, milliseconds } = await decodeInBrowser(server.address().port, latents, count);
server.close();

let difference = pictures.length < expected.length ? Infinity : 0;
expected.forEach((value, i) => {
  const apart = Math.abs(value - pictures[i]);
  if (!(apart <= difference)) difference = apart;
});
const sorted = milliseconds.slice(1).sort((a, b) => a - b);
console.log(`${count} pictures, at most ${difference} apart, first ${milliseconds[0].toFixed(1)} ms, ` +
  `median ${sorted[sorted.length >> 1].toFixed(2)} ms`);
process.exit(difference <= kTolerance ? 0 : 1);
