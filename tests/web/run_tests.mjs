// Runs the browser's tests in headless Chromium:
//   node run_tests.mjs FOLDER_OF_NODE_MODULES SITE [argument of gtest...]
import { withPage } from "../../web/e2e/browser.mjs";

const [modules, site, ...others] = process.argv.slice(2);
// It spins until a copy is there, which a browser's never is before the program returns.
const args = ["--gtest_filter=-*becomes_ready_without_being_waited_for", ...others];
const status = await withPage({ modules, site, onLine: console.log }, async (page, address) => {
  await page.goto(`${address}/tests/tests.html`);
  await page.waitForFunction(() => window.runTests);
  return page.evaluate((list) => window.runTests(list), args);
});
process.exit(status);
