// Conditional models in headless Chromium: class names, and the state kept when the class changes.
//   node class_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// FOLDER holds named.safetensors, its samples of each class, and its reconstruction of grays.u8.
import assert from "node:assert";
import { checks } from "./browser.mjs";
import { Driver } from "./driver.mjs";
import { image } from "./image.mjs";

const kSize = { viewport: { width: 1100, height: 720 } };

async function choose(driver, name) {
  await driver.click(name);
  await driver.shoot("classes");
}

async function checkNames(driver) {
  await driver.go("model=named&tab=Sample");
  await driver.expectImages("named-0.f32");
  await choose(driver, "1: dog");
  await driver.expectImages("named-1.f32");
  await driver.expectHash("class=1");
  await choose(driver, "2: кот");
  await driver.expectImages("named-2.f32");
  await driver.shoot("class-named");
  await driver.go("model=named&class=1&tab=Sample");
  await driver.expectImages("named-1.f32");
  await driver.go("model=named&class=99&tab=Sample");  // limited to the last class
  await driver.expectImages("named-2.f32");
}

// The drawn or dropped image and the explored point are kept.
async function checkWhatStays(driver) {
  await driver.go("model=named&tab=Encode");
  await driver.item("Invert");
  await driver.drop("grays.png", image(driver, "grays.u8", 1));
  await driver.expectImages("named-0-again.f32");
  await choose(driver, "1: dog");
  await driver.expectImages("named-1-again.f32");
  await driver.go("model=named&tab=Explore&latent=0.5,-1,2");
  await driver.item("Reset");
  await choose(driver, "2: кот");
  await driver.expectHash("class=2");
  await driver.expectHash("latent=0.5,-1,2");
}

// Does not wait for a tab that the model lacks.
async function checkUnknownTab(driver) {
  await driver.go("model=tiny&tab=Nothing&seed=1");
  await driver.expectImages("seed1.f32");
  await driver.click("Resample");
  await driver.expectImages("seed2.f32");
  await driver.expectHash("tab=Sample");
  await driver.expectHash("seed=2");
}

await checks(Driver)(kSize, async (driver) => {
  await checkNames(driver);
  await checkWhatStays(driver);
  await checkUnknownTab(driver);
  assert.deepEqual(driver.errors, []);
});
