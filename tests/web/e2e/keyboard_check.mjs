// The page by keyboard alone and as screen readers see it, in headless Chromium:
//   node keyboard_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
// FOLDER holds the files of class_check.mjs and those of window_check.mjs.
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { checks } from "./browser.mjs";
import { until } from "./driver.mjs";
import { controlsOf, kMostTabs, Reader } from "./reader.mjs";

const kAxe = createRequire(resolve(process.argv[2], "package.json")).resolve("axe-core/axe.min.js");
const kDesk = { viewport: { width: 1100, height: 720 } };
const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const kEverywhere = ["button Open a file", "button Help (?)", "button tiny", "tab Sample", "tab Explore",
  "tab Map", "tab Interpolate", "tab Encode", "tab Compare", "tab Device"];
const kOnTab = {
  Sample: ["textbox seed", "button seed -", "button seed +", "button Resample", "button Save PNG", "slider per side",
    "slider truncation", "button sample 1 of 64, seed 1", "button sample 64 of 64, seed 1", "button Explore this one",
    "button what is truncation?"],
  Explore: ["slider z0", "slider z1", "slider z2", "image explored image", "button Reset", "button Random point", "button Undo",
    "button Redo", "button Lock z0", "button Reset z0", "heading Single numbers", "button what is a latent?"],
  Map: ["button what is the plane?"],
  Interpolate: ["button Swap", "radio straight", "radio spherical", "slider frames", "combobox at B", "slider frames/s",
    "slider frame", "button frame 16 of 16, from A to B", "button A: seed 1, sample 0; another",
    "button B: seed 1, sample 1; another", "button Save GIF", "button Save video",
    "button Add way-point", "button what is spherical?"],
  Encode: ["button Pen", "button Eraser", "slider pen size", "button Clear", "button Invert", "button Open an image",
    "image drawing paper, or the image opened", "button what are μ and σ?"],
  Compare: ["combobox other model", "button Resample", "image image of tiny", "button what is the same?"],
  Bench: ["button Run the benchmark", "button what is measured?"],
  Device: ["radio Graphics card (WebGPU)", "radio Processor", "button Measure 100 decodes"],
};

const withReader = checks(Reader);

async function expectNoSeriousIssue(reader, tab) {
  await reader.page.evaluate(readFileSync(kAxe, "utf8"));  // the page's policy allows no other scripts
  const { violations, passes } = await reader.page.evaluate(() => globalThis.axe.run(document));
  const issues = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const words = ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(" ")}`;
  assert.deepEqual(issues.map(words), [], tab);
  assert(passes.length > 10);
  console.log(`${tab}: axe passes ${passes.length} rules; minor: ${violations.map(({ id }) => id)}`);
}

async function checkNames(reader) {
  for (const [tab, wanted] of Object.entries(kOnTab)) {
    await reader.go(`model=tiny&tab=${tab}&seed=1`);
    await reader.expectNodes([...kEverywhere, ...wanted]);
    const controls = controlsOf(await reader.tree());
    const nameless = controls.filter(({ name }) => !/\p{Letter}/u.test(name));
    assert.deepEqual(nameless, [], tab);
    await expectNoSeriousIssue(reader, tab);
    console.log(`${tab}: ${controls.length} controls, all with names`);
  }
}

const pressed = (reader) => reader.page.evaluate(() => document.activeElement.ariaPressed);

// Chooses a model, a class, a tab.
async function checkChoosing(reader) {
  await reader.go("model=tiny&seed=1");
  await reader.expectImages("seed1.f32");
  const outline = () => reader.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  await reader.click("tiny");
  assert.equal(await reader.focused(), "button tiny");
  assert.equal(await outline(), "none");
  await reader.tabTo("button named");
  assert.equal(await outline(), "solid");
  await reader.keys("Enter");
  await reader.expectImages("named-0.f32");
  await reader.tabTo("button class 1: dog");
  assert.equal(await pressed(reader), "false");
  await reader.keys("Enter");
  await reader.expectImages("named-1.f32");
  await reader.expectHash("class=1");
  await until(async () => await pressed(reader) === "true").catch(() => assert.fail("the class is not announced as chosen"));
  await reader.expectFocus("button class 1: dog");
  await reader.shoot("keyboard-class");
  await reader.tabTo("tab Sample");
  await reader.keys("ArrowRight");
  await reader.expectFocus("tab Explore");
  await reader.expectHash("tab=Explore");
  await reader.tabTo("button this latent as class 2: кот");
  await reader.keys("Enter");
  await reader.expectHash("class=2");
}

async function checkList(reader) {
  await reader.go("model=tiny&tab=Interpolate&seed=1");
  await reader.tabTo("combobox at B");
  await reader.keys("Enter");
  await reader.expectFocus("option go back");
  await expectNoSeriousIssue(reader, "a list");
  await reader.keys("ArrowUp", "Enter");
  await reader.expectFocus("combobox at B");
  await until(async () => await reader.page.evaluate(() => document.activeElement.textContent) === "wander on")
    .catch(() => assert.fail("the list does not change"));
  await reader.keys("Enter");
  await reader.expectFocus("option wander on");
  await reader.keys("Escape");
  await reader.expectFocus("combobox at B");
}

// What a button opens, Escape closes.
async function checkExplanation(reader) {
  await reader.go("model=tiny&tab=Explore&seed=1");
  const isThere = async () => (await reader.tree()).some(({ name }) => name.startsWith("A latent is the short list"));
  await reader.tabTo("button what is a latent?");
  await reader.keys("Enter");
  await until(isThere).catch(() => assert.fail("there is no explanation"));
  await reader.keys("Escape");
  await until(async () => !await isThere()).catch(() => assert.fail("the explanation stays"));
  await reader.expectFocus("button what is a latent?");
}

// Lock, undo and redo; and the plane of a model with two numbers.
async function checkPoint(reader) {
  await reader.go("model=tiny&tab=Explore&latent=0.5,-1,2");
  await reader.expectImages("explored.f32");
  await reader.expectSliderOrder();
  await reader.tabTo("slider z1");
  await reader.keys("End");
  await reader.expectImages("slid.f32");
  await reader.tabTo("button Undo");
  await reader.keys("Enter");
  await reader.expectImages("explored.f32");
  await reader.tabTo("button Redo");
  await reader.keys("Space");
  await reader.expectImages("slid.f32");
  await reader.keys("Control+z");
  await reader.expectImages("explored.f32");
  await reader.tabTo("button Lock z1");
  await reader.keys("Enter");
  await reader.expectFocus("button Unlock z1");
  assert(await reader.page.locator("#mirror [aria-label=z1]").isDisabled());
  await reader.keys("Enter");
  await reader.expectFocus("button Lock z1");
  await reader.tabTo("button Reset z1");
  await reader.keys("Enter");
  await reader.expectHash("latent=0.5,0,2");
  await reader.go("model=flat&tab=Explore&latent=0");
  await reader.expectImages("plane.f32");
  await reader.tabTo("button point 1 of 225, z0 to the right, z1 upwards");
  await reader.keys("End", "Enter");
  await reader.expectHash("latent=1.83");
}

async function checkDials(reader) {
  await reader.go("model=tiny&tab=Explore&latent=0.5,-1,2");
  await reader.expectImages("explored.f32");
  await reader.expectSliderOrder();
  await reader.tabTo("slider z1");
  await reader.keys("End");
  await reader.expectImages("slid.f32");
  await reader.expectHash("latent=0.5,4,2");
  await reader.keys("ArrowLeft");
  await reader.expectHash("latent=0.5,3.9,2");
  await reader.keys("PageDown", "ArrowUp");
  await reader.expectHash("latent=0.5,3,2");
  await reader.expectFocus("slider z1");
  await reader.shoot("keyboard-dial");
  await reader.keys("Enter");
  await reader.page.keyboard.type("-1");
  await reader.keys("Enter");
  await reader.expectImages("explored.f32");
  await reader.keys("Enter");
  await reader.page.keyboard.type("3");
  await reader.keys("Escape");
  await reader.expectHash("latent=0.5,-1,2");
  await reader.expectFocus("slider z1");
}

// What does not fit is scrolled into view when it gets the focus.
async function checkScrolling(reader) {
  await reader.page.setViewportSize({ width: 1100, height: 500 });
  await reader.go("model=deep&tab=Explore");
  await reader.expectNodes(["slider direction 8"]);
  await reader.expectRest();  // their order changes while the page measures it
  const dial = reader.page.getByLabel("direction 8", { exact: true });
  const height = () => dial.evaluate(({ offsetHeight }) => offsetHeight);
  assert(await height() < 5, `the last direction is visible at once, ${await height()} pixels high`);
  await reader.tabTo("slider direction 8");
  await until(async () => await height() > 20).catch(async () => assert.fail(`the last direction is ${await height()} pixels high`));
  await reader.keys("End");
  await until(async () => await dial.getAttribute("aria-valuetext") === "4.00")
    .catch(async () => assert.fail(`the last direction is at ${await dial.getAttribute("aria-valuetext")}`));
  await reader.page.setViewportSize(kDesk.viewport);
}

async function checkSampling(reader) {
  await reader.go("model=tiny&seed=1");
  await reader.expectImages("seed1.f32");
  await reader.tabTo("button Resample");
  await reader.keys("Enter");
  await reader.expectImages("seed2.f32");
  await reader.tabTo("button Save PNG");
  const [download] = await Promise.all([reader.page.waitForEvent("download"), reader.keys("Space")]);
  assert.match(download.suggestedFilename(), /seed-2\.png$/);
  await reader.tabTo("button sample 1 of 64, seed 2");
  await reader.keys("ArrowRight", "ArrowDown", "Enter");
  await reader.expectFocus("button sample 10 of 64, seed 2");
  await reader.tabTo("button Use as A");
  await reader.keys("Enter");
  await reader.expectHash("&a=2:9");
  await reader.keys("r");  // shortcuts work from anywhere but text fields
  await reader.expectHash("seed=3");
}

async function checkTyping(reader) {
  await reader.go("model=tiny&seed=1");
  await reader.expectImages("seed1.f32");
  await reader.tabTo("textbox seed");
  await reader.keys("Control+a");
  await reader.page.keyboard.type("4711");
  await reader.expectHash("seed=4711");
  await reader.keys("Control+a", "Control+c");
  await reader.page.keyboard.type("2");
  await reader.expectImages("seed2.f32");
  await reader.keys("Control+v");
  await reader.expectHash("seed=24711");
  await reader.shoot("keyboard-seed");
  await reader.page.keyboard.type("r");  // not a shortcut here, nor a number
  await reader.expectHash("seed=24711");
}

async function checkEncoding(reader) {
  const dialog = reader.page.waitForEvent("filechooser");
  await reader.go("model=tiny&tab=Encode");
  await reader.tabTo("button Open an image");
  await reader.keys("Enter");
  await dialog;
  await reader.tabTo("button Invert");
  await reader.keys("Enter");
  await reader.expectNodes(["image the model's version", "button Use as A"]);
  await reader.tabTo("button Use as A");
  await reader.keys("Space");
  await reader.expectHash("&a=");
}

// Tab leaves the page at both ends, and the browser keeps its own keys.
async function checkLeaving(reader) {
  await reader.page.goto(`${reader.address}/page.js`);  // any page of the same origin
  await reader.page.evaluate(() => {
    document.body.innerHTML = "<button>before</button><iframe src='/index.html#model=tiny' width=900 height=600></iframe><button>after</button>";
  });
  const focused = () => reader.page.evaluate(() => {
    const { activeElement: outer } = document;
    return outer.contentDocument?.activeElement.ariaLabel ?? outer.textContent;
  });
  const last = "sample 1 of 64, seed 1";
  const frame = reader.page.frameLocator("iframe");
  await frame.getByRole("button", { name: last }).waitFor();
  await reader.page.getByText("before").focus();
  const path = [];
  for (let i = 0; i < kMostTabs && path.at(-1) !== "after"; ++i) {
    await reader.keys("Tab");
    path.push(await focused());
  }
  assert.deepEqual([path[0], ...path.slice(-2)], ["tiny", last, "after"]);
  const back = [];
  for (let i = 0; i < kMostTabs && back.at(-1) !== "before"; ++i) {
    await reader.keys("Shift+Tab");
    back.push(await focused());
  }
  assert.deepEqual(back.slice(0, -1), path.slice(0, -1).reverse());
  await frame.locator("body").evaluate(() => {
    globalThis.prevented = [];
    addEventListener("keydown", (event) => { if (event.defaultPrevented) globalThis.prevented.push(event.key); });
  });
  await reader.keys("Tab", "Alt+ArrowLeft", "F6", "Control+l", "Tab", "r");
  assert.deepEqual(await frame.locator("body").evaluate(() => globalThis.prevented), []);
}

// A button whose label changes keeps the focus; a closed window gives it back to the page.
async function checkFocus(reader) {
  await reader.go("model=tiny&tab=Interpolate&seed=1");
  await reader.tabTo("button Pause");
  await reader.keys("Enter");
  await reader.expectFocus("button Play");
  await reader.expectRest();
  await reader.keys("?");
  await reader.tabTo("button Close help");
  await reader.keys("Enter");
  await until(async () => !(await reader.tree()).some(({ name }) => name === "Close help"))
    .catch(() => assert.fail("help stays open"));
}

async function checkMessages(reader) {
  await reader.go("model=tiny");
  await reader.tabTo("button gone");
  await reader.keys("Enter");
  await reader.expectMessage(/could not be fetched/);
  const status = reader.page.locator("[role=status]");
  await until(async () => /could not be fetched/.test(await status.textContent()))
    .catch(async () => assert.fail(`not read out, but: ${await status.textContent()}`));
}

async function checkMouse(reader) {
  await reader.go("model=tiny&tab=Explore&latent=0.5,-1,2");
  await reader.expectImages("explored.f32");
  const cursor = () => reader.page.evaluate(() => canvas.style.cursor);
  const { x, y } = await reader.item("Reset");
  await reader.page.mouse.move(x, y);
  await until(async () => await cursor() === "pointer").catch(async () => assert.fail(await cursor()));
  await reader.page.mouse.move(2, 2);
  await until(async () => await cursor() === "default").catch(async () => assert.fail(await cursor()));
  const dial = await reader.item("z1");
  await reader.page.keyboard.down("Control");
  await reader.page.mouse.click(dial.x, dial.y);
  await reader.page.keyboard.up("Control");
  await reader.page.keyboard.type("4");
  await reader.keys("Enter");
  await reader.expectImages("slid.f32");
}

async function checkPhone(reader) {
  await reader.go("model=tiny&seed=1");
  await reader.expectImages("seed1.f32");
  const { x, y } = await reader.page.locator("#mirror [aria-label=seed]").evaluate((field) => {
    const { left, top } = field.getBoundingClientRect();
    return { x: left + 5, y: top + 5 };
  });
  await reader.page.touchscreen.tap(x, y);
  await reader.expectFocus("textbox seed");  // which opens the soft keyboard
  await reader.keys("Control+a");
  await reader.page.keyboard.type("2");
  await reader.expectImages("seed2.f32");
  const model = await reader.item("Model");
  await reader.page.touchscreen.tap(model.left + 12, model.y);
  await reader.expectNodes(["button Help (?)"]);
  const help = await reader.page.locator("#mirror [aria-label='Help (?)']").boundingBox();
  await reader.page.touchscreen.tap(help.x + 9, help.y + 9);
  await reader.expectNodes(["button Close help"]);
}

async function checkStillness(reader) {
  await reader.go("model=tiny&tab=Interpolate&seed=1&path=spherical:16:30:loop");
  await reader.expectImages("path.f32");
  await reader.expectNodes(["button Play"]);
  await reader.expectRest();
}

await withReader(kDesk, async (reader) => {
  for (const check of [checkNames, checkChoosing, checkList, checkExplanation, checkPoint, checkDials, checkScrolling,
    checkSampling, checkTyping, checkEncoding, checkLeaving, checkFocus, checkMessages, checkMouse]) {
    await check(reader);
    console.log(check.name);
  }
  assert.deepEqual(reader.errors, []);
});
await withReader({ ...kPhone, deviceScaleFactor: 2 }, checkPhone);
await withReader({ ...kDesk, reducedMotion: "reduce" }, checkStillness);
