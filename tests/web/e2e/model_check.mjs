// How checkpoints reach the page: the part that it needs, early, from servers of all kinds.
//   node model_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
import assert from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";

const kSize = { viewport: { width: 1100, height: 720 } };
const kPadding = 400_000;  // bytes of each of the optimizer's tensors
const folder = process.argv[4];
const withDriver = checks(Driver);

// Without the checksum, since other files are made of the content.
function parse(file) {
  const length = Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString("utf8", 8, 8 + length));
  delete header.__metadata__["pumice.checksum"];
  return { header, data: file.subarray(8 + length) };
}

function build(header, data) {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

// The model with an optimizer's state as large as many times its parameters: before, between and after
// its tensors, which are in two ranges.
function withOptimizer(file) {
  const { header, data } = parse(file);
  const names = Object.keys(header).filter((name) => name !== "__metadata__");
  const parts = [], result = { __metadata__: header.__metadata__ };
  let at = 0;
  const add = (name, entry, bytes) => {
    result[name] = { ...entry, data_offsets: [at, at += bytes.length] };
    parts.push(bytes);
  };
  const pad = (name) => add(`optimizer.${name}`, { dtype: "F32", shape: [kPadding / 4] }, Buffer.alloc(kPadding, 1));
  pad("before");
  names.forEach((name, i) => {
    if (i === 2) pad("between");
    add(name, header[name], data.subarray(...header[name].data_offsets));
  });
  pad("after");
  return { file: build(result, Buffer.concat(parts)), needed: data.length };
}

const model = readFileSync(join(folder, "model.safetensors"));
const heavy = withOptimizer(model);
const exported = (() => {
  const { header, data } = parse(model);
  return build({ ...header, __metadata__: { ...header.__metadata__, exported: "decode, encode" } }, data);
})();

// Opens `content` as the only model of a server that `alter`s its answers, and returns the answers for
// it: [status, bytes].
async function answers(content, image, alter = () => {}) {
  const seen = [];
  await withDriver(kSize, async (driver) => {
    await driver.go();
    await driver.expectImages(image);
    assert.equal(await driver.message(), "");
    assert.deepEqual(driver.errors, []);
  }, {
    alter: (path, answer) => {
      if (path === "/models/index.json") Object.assign(answer, { status: 200, content: '[{"name": "one", "file": "one.safetensors"}]' });
      if (path !== "/models/one.safetensors") return;
      Object.assign(answer, { status: 200, content });
      Object.assign(answer.headers, { "accept-ranges": "bytes", etag: '"1"' });
      alter(answer, seen.length);
    },
    onRequest: (path, ...answer) => { if (path === "/models/one.safetensors") seen.push(answer); },
  });
  console.log(JSON.stringify(seen));
  return seen;
}

async function checkRanges() {
  const [[first], ...ranges] = await answers(heavy.file, "seed1.f32");
  assert.equal(first, 200);
  assert.deepEqual(ranges.map(([status]) => status), [206, 206]);
  assert.equal(ranges.reduce((sum, [, bytes]) => sum + bytes, 0), heavy.needed);
}

async function checkOtherServers() {
  const none = ({ headers }) => { delete headers["accept-ranges"]; };
  assert.deepEqual(await answers(heavy.file, "seed1.f32", none), [[200, heavy.file.length]]);
  // It says that it takes ranges, but sends the whole file.
  const whole = (answer, count) => {
    if (count > 0) delete answer.headers["accept-ranges"];
  };
  assert.deepEqual((await answers(heavy.file, "seed1.f32", whole)).map(([status]) => status), [200, 200]);
  // The file is replaced by another after its header has been read.
  const other = withOptimizer(readFileSync(join(folder, "other.safetensors"))).file;
  const changing = (answer, count) => {
    if (count === 0) return;
    answer.content = other;
    answer.headers.etag = '"2"';
  };
  assert.deepEqual((await answers(heavy.file, "other-seed1.f32", changing)).map(([status]) => status), [200, 200]);
  assert.deepEqual(await answers(exported, "seed1.f32"), [[200, exported.length]]);
}

// The program takes its time: what the page shows first is there, and the model is already fetched.
async function checkEarly() {
  let arrived, release;
  const seen = new Promise((done) => { arrived = done; });
  const later = new Promise((done) => { release = done; });
  await withDriver(kSize, async (driver) => {
    const loading = driver.go();
    await seen;
    await driver.expectWords(/small generative models/);
    await until(() => driver.page.evaluate(() => document.getElementById("progress").value > 0));
    assert.equal(await driver.page.title(), "Pumice");
    await driver.shoot("start-loading");
    release();
    await loading;
    await driver.expectImages("seed1.f32");
    assert.equal(await driver.page.evaluate(() => document.getElementById("help").hidden), true);
  }, {
    alter: (path) => (/\.wasm$/.test(path) ? later : undefined),
    onRequest: (path) => { if (path === "/models/tiny.safetensors") arrived(); },
  });
}

// Every module that the page loads at its start is announced in its first bytes.
async function checkPreloads() {
  const loaded = new Set();
  await withDriver(kSize, async (driver) => {
    await driver.go();
    await driver.expectImages("seed1.f32");
    const announced = await driver.page.evaluate(() => [...document.querySelectorAll("link[rel$=preload]")]
      .map(({ href }) => new URL(href).pathname));
    const scripts = [...loaded].filter((path) => /\.(js|wasm)$|index\.json$/.test(path));
    assert.deepEqual(announced.sort(), scripts.sort());
  }, { onRequest: (path) => loaded.add(path) });
}

async function checkDrops() {
  await withDriver(kSize, async (driver) => {
    await driver.go("model=flat&tab=Sample");
    await driver.item("Resample");
    const file = join(folder, "heavy.safetensors");
    writeFileSync(file, heavy.file);
    await driver.dragIn(file);
    await driver.expectHash("model=heavy");
    await driver.expectImages("seed1.f32");
    const before = await driver.page.evaluate(() => pumice.HEAPU8.length);
    await driver.drop("again.safetensors", heavy.file);
    await driver.expectHash("model=again");
    assert.equal(await driver.page.evaluate(() => pumice.HEAPU8.length), before);
    assert.equal(await driver.message(), "");
  });
}

// In the middle of the screen, as long as there is nothing else to see.
async function checkMissing() {
  await withDriver(kSize, async (driver) => {
    await driver.go("model=gone");
    await driver.expectWords(/gone: could not be fetched.*404/);
    await driver.shoot("start-gone");
    await driver.page.getByRole("button", { name: "Continue" }).click();
    await driver.click("tiny");
    await driver.expectImages("seed1.f32");
    await driver.go("model=absent");
    await driver.expectWords(/asks for the model 'absent'.*not available/);
    await driver.drop("good.safetensors", model);
    await driver.expectImages("seed1.f32");
    assert.equal(await driver.page.evaluate(() => document.getElementById("help").hidden), true);
  });
}

for (const check of [checkRanges, checkOtherServers, checkEarly, checkPreloads, checkDrops, checkMissing]) await check();
