// What an exported file says of its opening, in headless Chromium: where exploring begins, and the image in
// the list of models.
//   node opening_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// FOLDER holds the models of TEST(Web, page_opens_at_a_good_sample) in tests/web/page_test.cpp: "opening" has
// such metadata, "tiny" has not, and what "wrong" has does not fit.
import assert from "node:assert";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";

const { PNG } = createRequire(resolve(process.argv[2], "package.json"))("pngjs");
const kSize = { viewport: { width: 1280, height: 800 } };

const hash = (driver) => driver.page.evaluate(() => location.hash);

// The page opens at the file's latent, which the address need not hold; other seeds have their own.
async function checkBeginning(driver) {
  await driver.go("model=opening&tab=Explore");
  await driver.expectImages("explored.f32");
  await driver.expectHash("tab=Explore");
  assert.doesNotMatch(await hash(driver), /latent=/);
  await driver.page.keyboard.press("r");
  await driver.expectImages("typical-2.f32");
  await driver.go("model=tiny&tab=Explore");
  await driver.expectImages("typical-1.f32");
  await driver.go("model=wrong&tab=Explore");
  await driver.expectImages("typical-1.f32");
}

// The thumbnail is a red square. Rows without one are as high.
async function checkThumbnails(driver) {
  await driver.go("model=tiny");
  let rows;
  await until(async () => {
    rows = await Promise.all(["opening", "tiny", "wrong"].map((name) => driver.item(name)));
    return rows[1].top - rows[0].top >= 44;
  });
  assert.equal(Math.round(rows[1].top - rows[0].top), Math.round(rows[2].top - rows[1].top));
  const { left, y } = rows[0];
  const clip = { x: left - 30, y: Math.round(y), width: 1, height: 1 };
  const { data } = PNG.sync.read(await driver.page.screenshot({ clip }));
  assert(data[0] > 240 && data[1] < 20 && data[2] < 20, `the colour ${data.subarray(0, 3).join(", ")}`);
  await driver.shoot("opening-thumbnails");
}

await checks(Driver)(kSize, async (driver) => {
  await checkBeginning(driver);
  await checkThumbnails(driver);
  assert.equal(await driver.message(), "");
  assert.deepEqual(driver.errors, []);
});
