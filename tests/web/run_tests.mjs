// Runs the browser's tests in headless Chromium:
//   node run_tests.mjs FOLDER_OF_NODE_MODULES SITE [--report FILE] [--threads] [argument of gtest...]
// FILE becomes gtest's XML; --threads: the CPU device has threads. Exits with the tests' status, or with 1 if the program aborts.
import { writeFileSync } from "node:fs";
import { withPage } from "./e2e/browser.mjs";

const kReport = "/report.xml";  // in the program's own file system
const [modules, site, ...others] = process.argv.slice(2);
const place = others.indexOf("--report");
const [, file] = place < 0 ? [] : others.splice(place, 2);
const threads = others.indexOf("--threads");
if (threads >= 0) others.splice(threads, 1);
// With WebGPU, one spins until a copy has arrived, which never happens before the program returns; there are no texel
// buffers.
const args = ["--gtest_filter=-webgpu/*becomes_ready_without_being_waited_for:*reads_texels",
  `--gtest_output=xml:${kReport}`, ...others];
const { status, report } = await withPage({ modules, site, isolated: threads >= 0, onLine: console.log }, async (page, address) => {
  await page.goto(`${address}/tests/tests.html${threads < 0 ? "" : "?threads"}`);
  await page.waitForFunction(() => window.runTests);
  return page.evaluate(([list, path]) => window.runTests(list, path), [args, kReport]);
});
if (file && report) writeFileSync(file, report);
process.exit(status);
