// Headless Chromium with WebGPU and a web server for its pages.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";

const kTypes = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };
// SwiftShader is WebGPU's adapter on machines without a GPU.
const kArguments = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update", "--enable-unsafe-webgpu"];

// A part of the content for a request with a Range header, as servers give it that have said "accept-ranges".
function applyRange({ headers: asked }, answer) {
  const { headers, content, status } = answer;
  const range = /^bytes=(\d+)-(\d+)$/.exec(asked.range);
  const isSame = !asked["if-range"] || asked["if-range"] === headers.etag;
  if (status !== 200 || headers["accept-ranges"] !== "bytes" || !range || !isSame) return;
  const [begin, end] = [Number(range[1]), Math.min(Number(range[2]) + 1, content.length)];
  headers["content-range"] = `bytes ${begin}-${end - 1}/${content.length}`;
  Object.assign(answer, { status: 206, content: content.subarray(begin, end) });
}

// Serves the folder `site`; files from elsewhere: `others` { "/path": "file" }; and folders from
// elsewhere: `folders` { "/path/": "folder" }. An `isolated` page may use threads. `alter(path,
// answer)` changes an answer, { status, headers, content }, to imitate other servers; it may return a
// promise. `onRequest(path, status, bytes)` is called before an answer goes out.
function serve({ site, others = {}, folders = {}, isolated = false, alter = () => {}, onRequest = () => {} }) {
  const place = (path) => {
    const prefix = Object.keys(folders).find((start) => path.startsWith(start));
    return others[path] ?? (prefix ? join(folders[prefix], path.slice(prefix.length)) : join(site, path));
  };
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const headers = { "content-type": kTypes[extname(path)] ?? "application/octet-stream" };
    const answer = { status: 200, headers, content: undefined };
    if (isolated) {
      headers["cross-origin-opener-policy"] = "same-origin";
      headers["cross-origin-embedder-policy"] = "require-corp";
    }
    try {
      answer.content = readFileSync(place(path));
    } catch {
      answer.status = 404;
    }
    await alter(path, answer);
    if (answer.content !== undefined) {
      answer.content = Buffer.from(answer.content);
      applyRange(request, answer);
      headers["content-length"] = answer.content.length;
    }
    onRequest(path, answer.status, answer.content?.length ?? 0);
    response.writeHead(answer.status, headers).end(answer.content);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

// In the page: storage may be forbidden there.
function declineTour() {
  try {
    localStorage.setItem("pumice-tour", "over");
  } catch {}
}

// Calls `body(page, address)` and returns its result. `modules`: where playwright-core is;
// `options`: Playwright's, for the browser's context; `args`: Chromium's; `isNew`: whether the visitor
// is offered the tour; the others are those of serve().
export async function withPage({ modules, options = {}, args = [], isNew = false, onLine = console.error, ...served }, body) {
  const { chromium } = createRequire(resolve(modules, "package.json"))("playwright-core");
  const server = await serve(served);
  const profile = mkdtempSync(join(tmpdir(), "pumice-chromium-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: "/usr/bin/chromium", headless: true, args: [...kArguments, ...args], ...options,
  });
  try {
    if (!isNew) await browser.addInitScript(declineTour);
    const page = await browser.newPage();
    page.on("console", (line) => onLine(line.text()));
    page.on("pageerror", (error) => onLine(error.message));
    return await body(page, `http://127.0.0.1:${server.address().port}`);
  } finally {
    await browser.close();
    server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

// Parses the arguments of a check, FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS], and returns a
// function that runs `body(driver)` in a page; `more` is passed to withPage(). FOLDER holds native
// images and checkpoints, which are offered as in index.json: model.safetensors as
// tiny.safetensors, the others under their own names.
export function checks(Driver) {
  const [modules, site, folder, screenshots] = process.argv.slice(2);
  const served = {
    others: { "/models/tiny.safetensors": join(folder, "model.safetensors") },
    folders: { "/models/": folder },
  };
  return (options, body, more = {}) => withPage(
    { modules, site, ...served, options, onLine: () => {}, ...more },
    (page, address) => body(new Driver(page, address, folder, screenshots)));
}
