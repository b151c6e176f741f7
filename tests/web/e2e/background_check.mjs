// Drops a transparent image on a model whose recipe has a background, in headless Chromium:
//   node background_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER
// FOLDER is that of tests/web/images_test.cpp.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checks } from "./browser.mjs";
import { Driver } from "./driver.mjs";

await checks(Driver)({ viewport: { width: 1100, height: 720 } }, async (driver) => {
  await driver.go("model=tiny&tab=Encode");
  await driver.item("Invert");
  await driver.drop("transparent.png", readFileSync(join(driver.folder, "transparent.png")));
  await driver.expectImages("transparent-again.f32");
});
