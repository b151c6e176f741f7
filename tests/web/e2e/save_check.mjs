// Saves images in headless Chromium and reads them with independent readers, npm's pngjs and
// omggif:
//   node save_check.mjs FOLDER_OF_NODE_MODULES SITE FOLDER [SCREENSHOTS]
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { checks } from "./browser.mjs";
import { Driver } from "./driver.mjs";

const require = createRequire(resolve(process.argv[2], "package.json"));
const { PNG } = require("pngjs");
const { GifReader } = require("omggif");

const kMostPaletteError = 48, kMeanPaletteError = 8, kMostVideoError = 24;  // of 255
const kWidth = 7, kHeight = 9, kGifScale = 8;
const kGridScale = 25;  // about 2048 pixels: 81 · 25
const kImageScale = 32;

const byte = (value) => Math.round(255 * Math.min(1, Math.max(0, value)));

// Compares image `index` of `values` with RGBA pixels: `place(x, y)` is the position of its
// pixel.
function expectImage(values, index, rgba, place, tolerance) {
  for (let y = 0; y < kHeight; ++y) {
    for (let x = 0; x < kWidth; ++x) {
      const expected = byte(values[index * kWidth * kHeight + y * kWidth + x]);
      const at = 4 * place(x, y);
      for (let channel = 0; channel < 3; ++channel) {
        const apart = Math.abs(rgba[at + channel] - expected);
        assert(apart <= tolerance, `image ${index}, (${x}, ${y}): ${rgba[at + channel]}, not ${expected}`);
      }
      assert.equal(rgba[at + 3], 255);
    }
  }
}

// A place in the square of an image's pixel, by default its centre; the image begins at (left, top).
const inEnlarged = (png, scale, left, top, share = 0.5) => (x, y) =>
  Math.floor((top + y + share) * scale) * png.width + Math.floor((left + x + share) * scale);

async function checkPng(driver) {
  await driver.go("model=tiny&tab=Sample&seed=1");
  await driver.expectImages("seed1.f32");
  const png = PNG.sync.read(await driver.save("Save PNG"));
  const size = [8 * (kWidth + 1) + 1, 8 * (kHeight + 1) + 1];
  assert.deepEqual([png.width, png.height], size.map((side) => side * kGridScale));
  for (let i = 0; i < png.data.length; i += 4) assert.equal(png.data[i + 3], 255, "a transparent pixel");
  const values = await driver.shown();
  for (let i = 0; i < 64; ++i) {
    const left = 1 + i % 8 * (kWidth + 1), top = 1 + Math.floor(i / 8) * (kHeight + 1);
    expectImage(values, i, png.data, inEnlarged(png, kGridScale, left, top), 0);
  }
  console.log("the PNG holds the 64 images");
}

async function checkExploredPng(driver) {
  await driver.go("model=tiny&tab=Explore&latent=0.5,-1,2");
  await driver.expectImages("explored.f32");
  const png = PNG.sync.read(await driver.save("Save PNG"));
  assert.deepEqual([png.width, png.height], [kWidth, kHeight].map((side) => side * kImageScale));
  const values = await driver.shown();
  for (const corner of [0, 0.98]) expectImage(values, 0, png.data, inEnlarged(png, kImageScale, 0, 0, corner), 0);
}

// The animation saved from the page.
async function saveGif(driver) {
  const gif = new GifReader(await driver.save("Save GIF"));
  assert.deepEqual([gif.width, gif.height], [kGifScale * kWidth, kGifScale * kHeight]);
  assert.equal(gif.numFrames(), 16);
  assert.equal(gif.loopCount(), 0);  // forever
  return gif;
}

function frame(gif, index) {
  assert.equal(gif.frameInfo(index).delay, 5);  // hundredths of a second: 20 frames in one
  const rgba = new Uint8Array(4 * gif.width * gif.height);
  gif.decodeAndBlitFrameRGBA(index, rgba);
  return rgba;
}

// The centre of the square of an image's pixel.
const inGif = (gif) => (x, y) => (y + 0.5) * kGifScale * gif.width + (x + 0.5) * kGifScale;

async function checkGif(driver) {
  await driver.go("model=tiny&tab=Interpolate&seed=1&path=spherical:16:20:loop");
  await driver.expectImages("path.f32");
  const values = await driver.shown();
  const gif = await saveGif(driver);
  for (let i = 0; i < 16; ++i) expectImage(values, i, frame(gif, i), inGif(gif), 0);
  console.log("the GIF holds the 16 frames");
}

// Colours come from a palette of 256: close, and on average very close.
async function checkThereAndBack(driver) {
  await driver.go("model=tiny&tab=Interpolate&seed=1&path=spherical:16:20:back");
  await driver.expectImages("path.f32");
  const values = await driver.shown();
  const gif = new GifReader(await driver.save("Save GIF"));
  assert.equal(gif.numFrames(), 30);
  for (let i = 0; i < 30; ++i) expectImage(values, Math.min(i, 30 - i), frame(gif, i), inGif(gif), 0);
  console.log("the GIF goes there and back");
}

async function checkColouredGif(driver) {
  await driver.go("model=flat&tab=Interpolate&seed=1&path=spherical:16:20:loop");
  await driver.expectImages("coloured.f32");
  const values = await driver.shown();
  const gif = await saveGif(driver);
  let sum = 0;
  for (let i = 0; i < 16; ++i) {
    const rgba = frame(gif, i);
    for (let y = 0; y < kHeight; ++y) {
      for (let x = 0; x < kWidth; ++x) {
        for (let channel = 0; channel < 3; ++channel) {
          const expected = byte(values[((i * kHeight + y) * kWidth + x) * 3 + channel]);
          const apart = Math.abs(rgba[4 * inGif(gif)(x, y) + channel] - expected);
          assert(apart <= kMostPaletteError, `frame ${i}, (${x}, ${y}): ${apart} apart`);
          sum += apart;
        }
      }
    }
  }
  const mean = sum / values.length;
  assert(mean <= kMeanPaletteError, `${mean} apart on average`);
  console.log(`the coloured GIF holds the 16 frames, ${mean.toFixed(1)} apart on average`);
}

// The frames of a video as another page plays it: the mean difference of each from each of the images
// that it was made of, [frames, images].
async function play(driver, bytes, values, count) {
  const page = await driver.page.context().newPage();
  const frames = await page.evaluate(async ([base64, size]) => {
    const video = document.createElement("video");
    video.muted = true;
    video.src = `data:video/${base64.startsWith("GkXf") ? "webm" : "mp4"};base64,${base64}`;
    const canvas = Object.assign(document.createElement("canvas"), size);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const found = [];
    const take = () => {
      context.drawImage(video, 0, 0, size.width, size.height);
      found.push([...context.getImageData(0, 0, size.width, size.height).data]);
      video.requestVideoFrameCallback(take);
    };
    video.requestVideoFrameCallback(take);
    const ended = new Promise((done, fail) => Object.assign(video, { onended: done, onerror: fail }));
    video.playbackRate = 0.25;  // so that a busy machine shows all
    await video.play();
    await ended;
    return { found, width: video.videoWidth, height: video.videoHeight };
  }, [bytes.toString("base64"), { width: kWidth, height: kHeight }]);
  await page.close();
  const apart = (rgba, index) => Array.from({ length: values.length / count }, (_, i) =>
    Math.abs(rgba[4 * Math.floor(i / 3) + i % 3] - byte(values[index * values.length / count + i])))
    .reduce((sum, each) => sum + each, 0) * count / values.length;
  return { ...frames, apart: frames.found.map((rgba) => Array.from({ length: count }, (_, i) => apart(rgba, i))) };
}

// Videos lose details, and the browser may have dropped frames of the busy page: those that are there
// come in order, the first and the last are the path's.
async function checkVideo(driver) {
  await driver.go("model=flat&tab=Interpolate&seed=1&path=spherical:16:10:stop");
  await driver.expectImages("coloured.f32");
  const bytes = await driver.save("Save video");
  const { width, height, apart } = await play(driver, bytes, driver.native("coloured.f32"), 16);
  assert.deepEqual([width, height], [kGifScale * kWidth, kGifScale * kHeight]);
  const nearest = apart.map((row) => row.indexOf(Math.min(...row)));
  console.log(`the video's frames are nearest to the images ${nearest.join(" ")}`);
  assert.deepEqual(nearest, nearest.toSorted((a, b) => a - b), "the frames are out of order");
  assert(nearest[0] <= 2 && nearest.at(-1) >= 14, "the beginning or the end is missing");
  assert(new Set(nearest).size >= 4, "most frames are missing");
  assert(Math.max(...apart.map((row) => Math.min(...row))) < kMostVideoError, "the colours are wrong");
}

// The brightness of a played video's last column, relative to that of its middle, and its length.
async function look(driver, bytes) {
  const page = await driver.page.context().newPage();
  const found = await page.evaluate(async (base64) => {
    const video = document.createElement("video");
    video.muted = true;
    video.src = `data:video/${base64.startsWith("GkXf") ? "webm" : "mp4"};base64,${base64}`;
    const begin = performance.now();
    const first = new Promise((done) => video.requestVideoFrameCallback(done));
    await video.play();
    await first;
    const { videoWidth: width, videoHeight: height } = video;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(video, 0, 0);
    const red = (x, y) => context.getImageData(x, y, 1, 1).data[0];
    const edges = [red(width - 1, 4), red(4, height - 1), red(width - 1, height - 1)];
    if (!video.ended) await new Promise((done) => { video.onended = done; });
    return { width, height, edges, middle: red(width >> 1, height >> 1), seconds: (performance.now() - begin) / 1000 };
  }, bytes.toString("base64"));
  await page.close();
  return found;
}

// Sides become even by repeating the last column and row, not by black ones; while the tab is hidden, no
// time passes in the video.
async function checkOddVideo(driver) {
  await driver.go("model=tiny&tab=Interpolate");
  const waiting = driver.page.waitForEvent("download");
  await driver.page.evaluate(() => {
    const [width, height, frames] = [33, 21, 8];
    const rgba = new Uint8Array(4 * width * height * frames).map((_, i) => [200, 120, 60, 255][i % 4]);
    pumice.page.saveVideo(rgba, width, height, frames, 100, "odd");
    const hide = (isHidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
      document.dispatchEvent(new Event("visibilitychange"));
    };
    setTimeout(() => hide(true), 300);
    setTimeout(() => hide(false), 3300);
  });
  const download = await waiting;
  const { width, height, edges, middle, seconds } = await look(driver, readFileSync(await download.path()));
  assert.deepEqual([width, height], [34, 22]);
  for (const edge of edges) assert(Math.abs(edge - middle) < 12, `edges of ${edges}, not ${middle}`);
  assert(seconds < 2.5, `the video takes ${seconds} s, not 0.8`);
  console.log(`a video of 33 × 21 pixels has edges of ${edges}, its middle is ${middle}; it takes ${seconds.toFixed(1)} s`);
}

await checks(Driver)({ viewport: { width: 1100, height: 720 } }, async (driver) => {
  await checkPng(driver);
  await checkExploredPng(driver);
  await checkGif(driver);
  await checkThereAndBack(driver);
  await checkColouredGif(driver);
  await checkVideo(driver);
  await checkOddVideo(driver);
});
