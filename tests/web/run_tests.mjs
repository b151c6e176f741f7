// Runs the browser's tests in headless Chromium:
//   node run_tests.mjs FOLDER_OF_NODE_MODULES SITE [argument of gtest...]
import { withPage } from "../../web/e2e/browser.mjs";

const [modules, site, ...args] = process.argv.slice(2);
const status = await withPage({ modules, site, onLine: console.log }, async (page, address) => {
  await page.goto(`${address}/tests/tests.html`);
  await page.waitForFunction(() => window.runTests);
  return page.evaluate((list) => window.runTests(list), args);
});
process.exit(status);
