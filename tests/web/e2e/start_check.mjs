// Starts the page from servers, addresses and frames of all kinds: either it works, or a message in
// the middle of the screen says what to do.
//   node start_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
import assert from "node:assert";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { checks } from "./browser.mjs";
import { Driver } from "./driver.mjs";

const kDesk = { viewport: { width: 1280, height: 800 } };
const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const kSite = resolve(process.argv[3]);
const withDriver = checks(Driver);

// A server that alters its answers for matching paths.
const where = (pattern, change) => (path, answer) => { if (pattern.test(path)) change(answer); };
const typed = (pattern, type) => where(pattern, ({ headers }) => { headers["content-type"] = type; });
const missing = (pattern) => where(pattern, (answer) => Object.assign(answer, { status: 404, content: "no such file" }));

const framed = (sandbox) => (path, answer) => {
  answer.headers["access-control-allow-origin"] = "*";
  if (path !== "/frame.html") return;
  Object.assign(answer, {
    status: 200, content: `<iframe sandbox="${sandbox}" src="index.html" style="width: 900px; height: 700px"></iframe>`,
  });
};

// Expects the message on a desktop's and on a phone's screen.
async function checkWords(name, pattern, { alter, path = "index.html", options = {}, init = () => {}, frame = (page) => page }) {
  for (const [screen, size] of Object.entries({ desk: kDesk, phone: kPhone })) {
    await withDriver({ ...size, ...options }, async (driver) => {
      await driver.page.addInitScript(init);
      await driver.page.goto(path.includes(":") ? path : `${driver.address}/${path}`);
      await driver.expectWords(pattern, frame(driver.page));
      await driver.shoot(`start-${name}-${screen}`);
    }, { alter });
  }
}

async function checkServers() {
  // Debian's nginx has types for .js, but not for .mjs and .wasm.
  await withDriver(kDesk, async (driver) => {
    await driver.go();
    await driver.expectImages("seed1.f32");
  }, { alter: typed(/\.(mjs|wasm)$/, "application/octet-stream") });
  await checkWords("text", /program could not be loaded.*as JavaScript/, { alter: typed(/\.js$/, "text/plain") });
  await checkWords("no-import", /program could not be loaded.*missing on the server/, { alter: missing(/page\.js$/) });
  await checkWords("no-program", /pumice\.wasm: the server returned 404\. Reload/, { alter: missing(/\.wasm$/) });
  const cut = (answer) => { answer.content = answer.content.subarray(0, answer.content.length / 2); };
  await checkWords("cut", /pumice\.wasm is not a program, or is truncated.*copy its folder/, { alter: where(/\.wasm$/, cut) });
  const page = (answer) => Object.assign(answer, { content: "<!doctype html>" });
  await checkWords("other", /pumice\.wasm is not a program/, { alter: where(/\.wasm$/, page) });
}

async function checkBrowsers() {
  await checkWords("file", /opened as a file.*http\.server.*pumice serve/, { path: `${pathToFileURL(kSite)}/index.html` });
  await checkWords("no-script", /needs JavaScript/, { options: { javaScriptEnabled: false } });
  await checkWords("no-webassembly", /WebAssembly switched off/, { init: () => { delete globalThis.WebAssembly; } });
  await checkWords("no-webgl", /no WebGL2.*hardware acceleration/, {
    init: () => {
      const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
        return kind.startsWith("webgl") ? null : original.call(this, kind, ...more);
      };
    },
  });
  await checkWords("broken", /could not start: no fonts/, {
    init: () => { globalThis.OffscreenCanvas = function () { throw new Error("no fonts"); }; },
  });
}

async function checkFrames() {
  const frame = (page) => page.frameLocator("iframe");
  const deny = (sandbox) => (path, answer) => {
    framed(sandbox)(path, answer);
    delete answer.headers["access-control-allow-origin"];
  };
  const path = "frame.html";
  const options = kDesk;
  await checkWords("frame", /sandboxed frame.*its own tab: http/, { path, options, frame, alter: deny("allow-scripts") });
  await checkWords("frame-no-script", /needs JavaScript/, { path, options, frame, alter: deny("") });
  // Without an origin there is neither storage nor history.
  await withDriver(kDesk, async (driver) => {
    await driver.page.goto(`${driver.address}/frame.html`);
    const inner = await (await driver.page.waitForSelector("iframe")).contentFrame();
    await inner.waitForFunction(() => globalThis.pumice?._page_shown_count() > 0);
    const first = await inner.evaluate(() => pumice.HEAPF32[pumice._page_shown() / 4]);
    assert(Math.abs(first - driver.native("seed1.f32")[0]) < 2e-3);
    await driver.page.waitForTimeout(1000);  // until the address has been published
    assert.equal(await inner.evaluate(() => pumice.ccall("page_message", "string")), "");
    assert.deepEqual(driver.errors, []);
    await driver.shoot("start-frame-allowed");
  }, { alter: framed("allow-scripts") });
}

// Over plain http, WebGPU is available only under the machine's local names; the processor computes.
async function checkInsecure() {
  for (const [screen, size] of Object.entries({ desk: kDesk, phone: kPhone })) {
    await withDriver(size, async (driver) => {
      driver.address = driver.address.replace("127.0.0.1", "example.test");
      await driver.go();
      await driver.expectDevice(/by the processor$/,
        /^WebGPU needs a secure address, https or localhost.*http:\/\/example\.test:\d+/);
      assert.doesNotMatch((await driver.computer()).reason, /This browser has no WebGPU/);
      await driver.expectImages("seed1.f32");
      assert.equal(await driver.message(), "");
      await driver.shoot(`start-insecure-${screen}`);
    }, { args: ["--host-resolver-rules=MAP example.test 127.0.0.1"] });
  }
}

async function checkIndex(content, pattern) {
  await withDriver(kDesk, async (driver) => {
    await driver.go();
    await driver.expectRest();
    if (pattern) await driver.expectMessage(pattern);
    else assert.equal(await driver.message(), "");
    assert.deepEqual(driver.errors, []);
  }, { alter: where(/index\.json$/, (answer) => Object.assign(answer, { status: 200, content })) });
}

await checkServers();
await checkBrowsers();
await checkFrames();
await checkInsecure();
await checkIndex('{"name": "x"}', /models\/index\.json: expected \[/);
await checkIndex('[{"name": "x"}]', /models\/index\.json: expected \[/);
await checkIndex("<!doctype html>", null);
