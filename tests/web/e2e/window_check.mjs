// Themes, screens and touch in headless Chromium:
//   node window_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
import assert from "node:assert";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { checks } from "./browser.mjs";
import { Driver, until } from "./driver.mjs";

const { PNG } = createRequire(resolve(process.argv[2], "package.json"))("pngjs");
const withDriver = checks(Driver);
const kDesk = { viewport: { width: 1100, height: 720 } };
const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

// Relative luminance, as WCAG 2 defines it.
function luminance([red, green, blue]) {
  const linear = (byte) => (byte <= 10 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

// The luminance of each pixel within a box of the window.
async function luminances(page, { left, top, right, bottom }) {
  const clip = { x: Math.ceil(left), y: Math.ceil(top), width: Math.floor(right - left), height: Math.floor(bottom - top) };
  const { data } = PNG.sync.read(await page.screenshot({ clip }));
  return Array.from({ length: data.length / 4 }, (_, i) => luminance(data.subarray(4 * i, 4 * i + 3)));
}

// Between the lightest and the darkest pixel of an item, without its rounded corners.
async function contrast(page, { left, top, right, bottom }) {
  const kCorner = 4;
  const inner = { left: left + kCorner, top: top + kCorner, right: right - kCorner, bottom: bottom - kCorner };
  const all = await luminances(page, inner);
  const [darkest, lightest] = [Math.min, Math.max].map((choose) => all.reduce((a, b) => choose(a, b)));
  return (lightest + 0.05) / (darkest + 0.05);
}

// WCAG AA asks for 4.5.
async function expectTheme(driver, isLight) {
  const { height } = driver.page.viewportSize();
  let ground;
  await until(async () => {
    [ground] = await luminances(driver.page, { left: 1, top: height - 3, right: 2, bottom: height - 2 });
    return ground > 0.5 === isLight;
  }).catch(() => assert.fail(`the ground's luminance is ${ground}, not ${isLight ? "light" : "dark"}`));
  const best = await contrast(driver.page, await driver.item("Use as A"));
  assert(best >= 7, `contrast of only ${best}`);
  const main = await contrast(driver.page, await driver.item("Resample"));
  assert(main >= 4.5, `contrast of only ${main} on the main button`);
  console.log(`${isLight ? "light" : "dark"}: contrast ${best.toFixed(1)}, main button ${main.toFixed(1)}`);
}

// What a press does, by name and place, but for images, and what cannot be pressed now.
async function buttons(driver) {
  const found = await driver.page.locator("#mirror").locator("button, [role=tab]").evaluateAll((nodes) => nodes
    .filter((node) => !node.disabled && node.getAttribute("aria-disabled") !== "true")
    .map((node) => {
      const { left, top, right, bottom } = node.getBoundingClientRect();
      return { name: node.ariaLabel ?? node.textContent, isTab: node.role === "tab", left, top, right, bottom };
    }));
  return found.filter(({ name, left, right, top, bottom }) => right > left && bottom > top && !/^(sample|image|explored)/.test(name));
}

// WCAG AA asks for 4.5 in texts and 3 in icons, also under the pointer.
async function checkContrasts(driver) {
  for (const colorScheme of ["light", "dark"]) {
    await driver.page.emulateMedia({ colorScheme });
    for (const tab of ["Sample", "Explore", "Interpolate", "Encode", "Device"]) {
      await driver.go(`model=tiny&tab=${tab}&path=linear:16:10:stop`);
      await driver.expectRest();
      for (const { name, ...box } of await buttons(driver)) {
        await driver.page.mouse.move((box.left + box.right) / 2, (box.top + box.bottom) / 2);
        await driver.page.waitForTimeout(120);
        const best = await contrast(driver.page, box);
        const least = /^(Lock|Reset) /.test(name) ? 3 : 4.5;
        assert(best >= least, `${name} on ${tab}, ${colorScheme}: contrast of only ${best.toFixed(2)}`);
      }
    }
  }
}

// 44 CSS pixels, as Apple asks for; all tabs fit on the screen, so that they may be narrower.
async function expectLarge(driver) {
  const kLeast = 43.5, kNarrowestTab = 30;
  const { width, height } = driver.page.viewportSize();
  for (const { name, isTab, left, right, top, bottom } of await buttons(driver)) {
    if (right > width - 15 || bottom > height - 8) continue;  // cut off by the window
    assert(bottom - top >= kLeast && right - left >= (isTab ? kNarrowestTab : kLeast),
      `${name}: ${(right - left).toFixed(0)} × ${(bottom - top).toFixed(0)}`);
  }
}

async function expectAllTabs(driver) {
  const { width } = driver.page.viewportSize();
  const tabs = (await buttons(driver)).filter(({ isTab }) => isTab);
  assert(tabs.length === 9 && tabs.some(({ name }) => name === "Pair"), `not all tabs: ${tabs.map(({ name }) => name)}`);
  for (const { name, left, right } of tabs) assert(left >= 0 && right <= width, `${name} is from ${left} to ${right} of ${width}`);
}

async function checkThemes(driver) {
  await driver.page.emulateMedia({ colorScheme: "light" });
  await driver.go("model=tiny&seed=1");
  await driver.expectImages("seed1.f32");
  await expectTheme(driver, true);
  await driver.shoot("light");
  await driver.page.emulateMedia({ colorScheme: "dark" });
  await expectTheme(driver, false);
  await driver.click("Theme: system");
  await expectTheme(driver, false);
  await driver.click("Theme: dark");
  await expectTheme(driver, true);
  await driver.go("model=tiny&seed=1");  // the choice is remembered
  await driver.expectImages("seed1.f32");
  await expectTheme(driver, true);
}

async function checkHelp(driver) {
  await driver.page.keyboard.press("?");
  await driver.item("Close help");
  await driver.shoot("help");
  await driver.page.keyboard.press("Escape");
  await driver.page.keyboard.press("r");
  await driver.expectImages("seed2.f32");
  await driver.page.keyboard.press("7");
  await driver.expectHash("tab=Device");
}

async function checkSharpness(scale) {
  await withDriver({ ...kDesk, deviceScaleFactor: scale }, async (driver) => {
    await driver.go("model=tiny&seed=1");
    await driver.expectImages("seed1.f32");
    const size = await driver.page.evaluate(() => [canvas.width, canvas.height]);
    assert.deepEqual(size, [1100 * scale, 720 * scale]);
    await expectTheme(driver, true);
    await driver.shoot(`scale-${scale}`);
  });
}

async function tap(driver, label) {
  const { left, y } = await driver.item(label);
  await driver.page.touchscreen.tap(left + 12, y);
}

// Playwright's touchscreen can only tap.
async function swipe(driver, from, to) {
  const session = await driver.page.context().newCDPSession(driver.page);
  const touch = (type, points) => session.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await touch("touchStart", [from]);
  for (let i = 1; i <= 10; ++i) {
    const share = i / 10;
    await driver.page.waitForTimeout(30);
    await touch("touchMove", [{ x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }]);
  }
  await driver.page.waitForTimeout(100);
  await touch("touchEnd", []);
}

// An upward stroke that begins on a dial scrolls and does not turn it.
async function checkScrolling(driver) {
  await driver.go("model=deep&tab=Explore");
  await driver.item("direction 2");
  await driver.expectRest();
  const before = await driver.shown();
  const { left, y, top } = await driver.item("direction 2");
  await swipe(driver, { x: left + 60, y }, { x: left + 70, y: y - 45 });
  await until(async () => (await driver.item("direction 2")).top < top - 25)
    .catch(() => assert.fail("the dials do not scroll"));
  assert.deepEqual(await driver.shown(), before);
}

async function checkPhone(driver) {
  await driver.go("model=tiny&seed=1");
  await driver.expectImages("seed1.f32");
  await driver.shoot("phone");
  await expectLarge(driver);
  await expectAllTabs(driver);
  await tap(driver, "Resample");
  await driver.expectImages("seed2.f32");
  await tap(driver, "Dials");
  await driver.go("model=tiny&tab=Explore&latent=0.5,-1,2");
  await driver.expectImages("explored.f32");
  await driver.expectSliderOrder();
  const { left, y } = await driver.item("z1");
  await swipe(driver, { x: left + 60, y }, { x: 389, y });
  await driver.expectImages("slid.f32");
  await driver.shoot("phone-explore");
  await expectLarge(driver);
  await checkScrolling(driver);
  await tap(driver, "Model");
  await driver.item("Open a file");
  await driver.shoot("phone-model");
  await expectLarge(driver);
}

await withDriver({ ...kDesk, colorScheme: "light" }, async (driver) => {
  await checkThemes(driver);
  await checkHelp(driver);
  await driver.expectRest();
});
await withDriver(kDesk, checkContrasts);
await checkSharpness(2);
await checkSharpness(3);
await withDriver({ ...kPhone, deviceScaleFactor: 3, colorScheme: "dark" }, checkPhone);
