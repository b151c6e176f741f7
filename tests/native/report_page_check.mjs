// Opens reports in headless Chromium, straight from their files:
//   node report_page_check.mjs FOLDER_OF_NODE_MODULES SCREENSHOTS REPORT...
// Each must work without console output: slider, charts and, on a phone, no horizontal scrolling.
import assert from "node:assert";
import { mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { withPage } from "../web/e2e/browser.mjs";
import { until } from "../web/e2e/driver.mjs";

const [modules, screenshots, ...reports] = process.argv.slice(2);
const kLooks = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true, isMobile: true },
};

async function checkSlider(page) {
  const slider = page.locator("input[type=range]");
  if (await slider.count() === 0) return;
  const shown = () => page.locator("figure img").evaluateAll((images) => images.map(({ src }) => src));
  const last = await shown();
  await slider.fill("0");
  const first = await shown();
  assert.notDeepEqual(first, last, "the slider changes images");
  assert.match(await page.locator("output").textContent(), /^epoch \d+$/);
  await page.locator("button").click();
  await page.waitForFunction(() => document.querySelector("button").textContent === "▶"
    && document.querySelector("input[type=range]").value !== "0");
  assert.deepEqual(await shown(), last, "playing ends with the last");
}

// The results of `pumice evaluate` are shown with all the settings needed to compare them.
async function checkEvaluations(page, { runs }) {
  const text = await page.locator("main").textContent();
  const shows = (part) => assert(text.includes(part), `the page shows "${part}"`);
  const measured = runs.filter(({ evaluation }) => evaluation);
  for (const { evaluation, epochs } of measured) {
    shows(evaluation.extractor_hash);
    for (const metric of Object.values(evaluation.figures)) shows(metric.of);
    if (evaluation.epoch < epochs) shows(`epoch ${evaluation.epoch} of ${epochs}`);
  }
  const extractors = new Set(measured.map(({ evaluation }) => evaluation.extractor_hash));
  assert.equal(text.includes("The runs differ in hash of the extractor"), extractors.size > 1);
  for (const { figures: metrics, epochs } of runs) {
    const earlier = metrics.filter(({ epoch }) => epoch < epochs);
    for (const { name, epoch } of earlier) shows(`${name.replaceAll("_", " ")} (epoch ${epoch})`);
  }
}

async function checkCharts(page, { charts, zoom }) {
  if (!zoom || charts.length === 0) return;
  const over = page.locator(".u-over").first();
  await over.waitFor();
  assert.equal(await page.locator(".u-over").count(), charts.length, "a chart for each");
  await over.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await over.boundingBox();
  await page.mouse.move(x + width - 4, y + height / 2);
  // Only charts with the same unit, epoch or step.
  const read = () => page.locator(".u-legend").evaluateAll((legends) => {
    const unit = (legend) => legend.querySelector(".u-label").textContent;
    return legends.filter((legend) => unit(legend) === unit(legends[0])).map(
      (legend) => [...legend.querySelectorAll(".u-value")].map(({ textContent }) => textContent));
  });
  let readings;
  await until(async () => (readings = await read()).every(([x]) => Number(x) > 0))
    .catch(() => assert.fail(`all charts read the epoch or step: ${readings}`));
  assert(readings[0].slice(1).some((value) => Number.isFinite(Number(value))), `and values: ${readings[0]}`);
  const logarithmic = page.locator(".chart-title input").first();
  if (await logarithmic.count() > 0) await logarithmic.check();
}

async function check(report, name, look) {
  const lines = [];
  const site = dirname(resolve(report));
  await withPage({ modules, site, options: look, onLine: (line) => lines.push(line) }, async (page) => {
    await page.goto(pathToFileURL(resolve(report)).href);
    await page.locator("h1").waitFor();
    await page.waitForTimeout(300);
    const { scrollWidth, clientWidth } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth,
    }));
    assert(scrollWidth <= clientWidth, `${scrollWidth} pixels wide in a window of ${clientWidth}`);
    mkdirSync(screenshots, { recursive: true });
    await page.screenshot({ path: join(screenshots, `report-${basename(report, ".html")}-${name}.png`), fullPage: true });
    const data = JSON.parse(await page.locator("#data").textContent());
    await checkEvaluations(page, data);
    await checkSlider(page);
    await checkCharts(page, data);
  });
  assert.deepEqual(lines, [], "lines on the console");
  console.log(`${report}: ${name}`);
}

for (const report of reports) {
  for (const [name, look] of Object.entries(kLooks)) await check(report, name, look);
}
