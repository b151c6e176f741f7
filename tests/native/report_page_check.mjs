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
  const slider = page.locator(".player input[type=range]");
  if (await slider.count() === 0) return;
  const shown = () => page.locator("figure img").evaluateAll((images) => images.map(({ src }) => src));
  const last = await shown();
  await slider.fill("0");
  const first = await shown();
  assert.notDeepEqual(first, last, "the slider changes images");
  assert.match(await page.locator(".player output").textContent(), /^epoch \d+$/);
  await page.locator(".player button").click();
  await page.waitForFunction(() => document.querySelector(".player button").textContent === "▶"
    && document.querySelector(".player input[type=range]").value !== "0");
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

// Images come early, and their slider stays beside them: it does not cover later sections.
async function checkImages(page) {
  const image = page.locator("figure img").first();
  if (await image.count() === 0) return;
  const { y } = await image.boundingBox();
  assert(y < 900, `the first image is ${y} pixels down`);
  if (await page.locator(".player").count() === 0) return;
  await page.evaluate(() => document.querySelector("footer").scrollIntoView());
  const bottom = await page.locator(".player").evaluate((node) => node.getBoundingClientRect().bottom);
  assert(bottom <= 0, `at the page's end the slider is ${bottom} pixels below the window's top`);
  await page.evaluate(() => window.scrollTo(0, 0));
}

// Points of test images: the one under the pointer is shown, classes can be hidden, dragging zooms.
async function checkScatter(page, { runs }) {
  const canvas = page.locator("canvas.scatter").first();
  const points = runs.find(({ pictures }) => pictures.scatter)?.pictures.scatter;
  assert.equal(await page.locator("canvas.scatter").count() > 0, points !== undefined);
  if (!points) return;
  await canvas.scrollIntoViewIfNeeded();
  const look = () => canvas.evaluate((node) => node.toDataURL());
  const tip = page.locator(".tip").first();
  const { x, y, width } = await canvas.boundingBox();
  const at = [points.x[0], -points.y[0]].map((value) => (value / 1000 / points.reach + 1) / 2 * width);
  const before = await look();
  await page.mouse.move(x + at[0], y + at[1]);
  await until(() => tip.isVisible());
  assert.match(await tip.textContent(), /-?\d/);
  if (points.thumbnails) assert.equal(await tip.locator("img").count(), 1, "the image of the point");
  await page.mouse.move(x - 5, y - 5);
  await until(async () => await look() === before);
  const button = page.locator("button.class").first();
  if (points.labels) {
    await button.click();
    await until(async () => await look() !== before);
    assert.equal(await button.getAttribute("aria-pressed"), "false");
    await button.click();
    await until(async () => await look() === before);
  }
  await canvas.scrollIntoViewIfNeeded();
  const place = await canvas.boundingBox();
  await page.mouse.move(place.x + 30, place.y + 30);
  await page.mouse.down();
  await page.mouse.move(place.x + 120, place.y + 120);
  await page.mouse.up();
  await page.mouse.move(place.x - 5, place.y - 5);
  await until(async () => await look() !== before);
  await canvas.dblclick({ position: { x: 3, y: 3 } });
  await page.mouse.move(place.x - 5, place.y - 5);
  await until(async () => await look() === before);
}

// Every table shows all its columns.
async function checkTables(page) {
  const cut = await page.locator(".scroll").evaluateAll((tables) => tables.filter(
    ({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth).map(({ textContent }) => textContent));
  assert.deepEqual(cut, [], "tables that are cut");
}

// Logarithmic axes fit the data, with ticks within a decade.
async function checkLogarithms(page) {
  const [range, within, decades, many] = await page.evaluate(
    "[logRange(120, 187), logTicks(117, 191), logTicks(0.3, 40), logTicks(1e-9, 1e9)]");
  assert(range[0] > 110 && range[0] < 120 && range[1] > 187 && range[1] < 200, `the range ${range}`);
  assert.deepEqual(within, [120, 140, 160, 180]);
  assert.deepEqual(decades, [0.5, 1, 2, 5, 10, 20]);
  assert.deepEqual(many, [1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 1e9]);
}

const readLegends = (page) => page.locator(".u-legend").evaluateAll((legends) => legends.map(
  (legend) => [...legend.querySelectorAll(".u-value")].map(({ textContent }) => textContent)));
const isNumber = (text) => text !== "" && Number.isFinite(Number(text));

// A chart for each group, which shows its last values until the mouse reads another place.
async function checkCharts(page, { charts, zoom }) {
  if (!zoom || charts.length === 0) return;
  const over = page.locator(".u-over").first();
  await over.waitFor();
  assert.equal(await page.locator(".u-over").count(), new Set(charts.map(({ group }) => group)).size, "a chart for each");
  const last = await readLegends(page);
  assert(last.every(([, ...values]) => values.every(isNumber)), `last values: ${JSON.stringify(last)}`);
  await over.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await over.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  let readings;
  const placeOf = ([at]) => Number(at.replace(/\D+ /, ""));
  await until(async () => (readings = await readLegends(page)).every((each) =>
    Math.abs(placeOf(each) - placeOf(readings[0])) < 0.75))
    .catch(() => assert.fail(`all charts read one place: ${JSON.stringify(readings)}`));
  assert(readings[0].slice(1).some(isNumber), `and values: ${readings[0]}`);
  await page.mouse.move(x - 20, y + height / 2);
  for (const unit of ["step", "time", "epoch"]) {
    await page.locator(`.choice input[value=${unit}]`).check({ force: true });
    const [at] = (await readLegends(page))[0];
    assert.match(at, { step: /^step \d+$/, time: /^\d+:\d\d/, epoch: /^epoch \d+$/ }[unit]);
  }
  await checkLogarithms(page);
  const logarithmic = page.locator(".chart-title input").first();
  if (await logarithmic.count() > 0) await logarithmic.check();
}

// As in TensorBoard: a moving average whose first points do not depend on where it begins; curves by epoch
// stay as they are.
async function checkSmoothing(page, { charts, zoom }) {
  if (!zoom || !charts.some(({ by }) => by === "step")) return;
  const [plain, half] = await page.evaluate(() => [smoothed([1, 2, 4], 0), smoothed([1, 2, 4], 0.5)]);
  assert.deepEqual(plain, [1, 2, 4]);
  half.forEach((value, i) => assert(Math.abs(value - [1, 5 / 3, 3][i]) < 1e-6, `smoothed: ${half}`));
  const before = await readLegends(page);
  const slider = page.locator(".smoothing input");
  await slider.fill("0.9");
  const after = await readLegends(page);
  assert.notDeepEqual(after, before, "smoothing changes curves by step");
  await page.reload();
  await until(async () => JSON.stringify(await readLegends(page)) === JSON.stringify(after))
    .catch(() => assert.fail("smoothing is kept when the page loads anew"));
  await slider.fill("0");
  assert.deepEqual(await readLegends(page), before);
}

// Where colours do not tell training from test, dashes and dots do, in the legend too.
async function checkDashes(page, { runs, charts, zoom }) {
  if (!zoom || charts.length === 0 || runs.length === 1) return;
  const styles = new Map(await page.locator(".uplot").first().locator(".u-series").evaluateAll((series) => series.slice(1).map(
    (row) => [row.querySelector(".u-label").textContent, row.querySelector(".u-marker").style.borderTopStyle])));
  const pairs = [...styles].filter(([label]) => label.includes(" train") && styles.has(label.replace(" train", " test")));
  assert(pairs.length > 0, `training and test in ${[...styles.keys()]}`);
  for (const [label, style] of pairs) {
    assert.notEqual(style, "solid", label);
    assert.equal(styles.get(label.replace(" train", " test")), "solid", label);
  }
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
    await checkTables(page);
    await checkImages(page);
    await checkScatter(page, data);
    await checkDashes(page, data);
    await checkSlider(page);
    await checkSmoothing(page, data);
    await checkCharts(page, data);
  });
  assert.deepEqual(lines, [], "lines on the console");
  console.log(`${report}: ${name}`);
}

for (const report of reports) {
  for (const [name, look] of Object.entries(kLooks)) await check(report, name, look);
}
