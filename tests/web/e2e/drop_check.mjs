// Drops on the page in headless Chromium: folders, several files, texts, links, and files that
// change afterwards.
//   node drop_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
import assert from "node:assert";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checks } from "./browser.mjs";
import { Driver } from "./driver.mjs";

const kSize = { viewport: { width: 1100, height: 720 } };
const folder = process.argv[4];
const model = join(folder, "model.safetensors");
const other = join(folder, "flat.safetensors");

// Creates a folder with these files: { "path": "file to copy, or text" }.
function make(name, files) {
  const root = join(folder, name);
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    content.endsWith(".safetensors") ? cpSync(content, join(root, path)) : writeFileSync(join(root, path), content);
  }
  return root;
}

const run = make("my-run", {
  "checkpoint.safetensors": model, "checkpoint-previous-1.safetensors": other, "recipe.toml": "x", "samples/1.png": "x",
});
const runs = make("runs", {
  "a/checkpoint.safetensors": model, "a/checkpoint-previous-1.safetensors": model, "b/checkpoint.safetensors": other, "c/notes.txt": "x",
});
const single = make("single", { "only/checkpoint.safetensors": model });
const photos = make("photos", { "a.png": "x", "more/b.png": "x" });

async function checkFolders(driver) {
  await driver.go("model=flat&tab=Sample");
  await driver.item("Resample");
  await driver.dragIn(run);
  await driver.expectImages("seed1.f32");
  await driver.expectHash("model=my-run");
  assert.equal(await driver.message(), "");
  await driver.dragIn(runs);
  await driver.expectMessage(/^runs holds 2 checkpoints \(runs\/a\/checkpoint\.safetensors, runs\/b.*\)\. Drop one of them\.$/);
  await driver.shoot("drop-runs");
  await driver.dragIn(photos);
  await driver.expectMessage(/^photos: no checkpoint in this folder or its subfolders\. Drop the checkpoint\.safetensors that/);
  await driver.shoot("drop-photos");
  await driver.expectImages("seed1.f32");  // the open model is kept
  await driver.dragIn(single);
  await driver.expectHash("model=only");
  assert.equal(await driver.message(), "");
}

// One rejected file does not prevent opening the others, and the page says why it was rejected.
async function checkSeveral(driver) {
  await driver.go("model=flat&tab=Sample");
  await driver.item("Resample");
  await driver.dragIn(photos, model);
  await driver.expectImages("seed1.f32");
  await driver.expectMessage(/^photos: no checkpoint in this folder/);
  await driver.go("model=flat&tab=Sample");
  await driver.item("Resample");
  await driver.dropAll({ "good.safetensors": readFileSync(model), "notes.txt": Buffer.from("some notes of mine") });
  await driver.expectImages("seed1.f32");
  await driver.expectHash("model=good");
  await driver.expectMessage(/^notes\.txt: .*not a safetensors/);
  assert.doesNotMatch(await driver.message(), /were dropped/);
  await driver.dropAll({ "a.safetensors": readFileSync(other), "b.safetensors": readFileSync(model) });
  await driver.expectHash("model=b");
  await driver.expectMessage(/^2 checkpoints were dropped; the page shows only the last\.$/);
}

async function checkOtherThings(driver) {
  await driver.go("model=tiny&seed=1");
  await driver.expectImages("seed1.f32");
  await driver.dropAll({ "text/plain": "some words" });
  await driver.expectMessage(/^What was dropped is not a file\. Drop the checkpoint/);
  await driver.dropAll({ "text/uri-list": "https://example.org/a.safetensors", "text/plain": "https://example.org" });
  await driver.expectMessage(/^A link was dropped, not a file\. Save its target/);
  await driver.shoot("drop-link");
  await driver.expectImages("seed1.f32");
  assert.deepEqual(driver.errors, []);
}

async function lose(driver) {
  await driver.page.evaluate(() => pumice.gpuDevice.destroy());
  await driver.expectMessage(/device was lost.*Reconnect/);
  await driver.click("Reconnect");
}

// Reconnecting reads the file again.
async function checkChanges(driver) {
  const file = join(folder, "mine.safetensors");
  cpSync(other, file);
  driver.device = "webgpu";
  await driver.go("model=flat&tab=Sample");
  await driver.dragIn(file);
  await driver.expectHash("model=mine");
  cpSync(model, file);
  await driver.page.waitForTimeout(1100);  // ensures a different modification time
  await lose(driver);
  await driver.expectImages("seed1.f32");
  assert.equal(await driver.message(), "");
  rmSync(file);
  await lose(driver);
  await driver.expectMessage(/mine.*cannot be read.*Drop it again/);
  await driver.shoot("reopen-gone");
  await driver.dragIn(run);
  await driver.expectImages("seed1.f32");
  assert.equal(await driver.message(), "");
  assert.deepEqual(driver.errors, []);
}

// Unhandled errors are reported, too.
async function checkUncaught(driver) {
  await driver.go("model=tiny&seed=1");
  await driver.page.evaluate(() => { Promise.reject(new Error("the tide is out")); });
  await driver.expectMessage(/Something went wrong: the tide is out/);
  await driver.page.evaluate(() => { setTimeout(() => { throw new Error("low water"); }); });
  await driver.expectMessage(/Something went wrong: low water/);
  await driver.page.evaluate(() => {
    Promise.reject(new WebAssembly.RuntimeError("unreachable"));
  });
  await driver.expectWords(/program has stopped: unreachable.*Reload/);
  await driver.shoot("stopped");
}

for (const check of [checkFolders, checkSeveral, checkOtherThings, checkChanges, checkUncaught]) {
  await checks(Driver)(kSize, check);
}
