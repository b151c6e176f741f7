// Reads an animation with independent decoders, npm's omggif and upng-js:
//   node animation_reader.mjs FOLDER_OF_NODE_MODULES FILE
// Prints JSON: {"width", "height", "loops" (0: forever), "milliseconds": [of each frame],
// "frames": [[red, green, blue, red, ...], ...]}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, path] = process.argv.slice(2);
const require = createRequire(resolve(folder, "package.json"));
const file = readFileSync(path);

const withoutAlpha = (rgba) => Array.from(rgba).filter((_, i) => i % 4 !== 3);

function readGif() {
  const { GifReader } = require("omggif");
  const gif = new GifReader(file);
  const indices = Array.from({ length: gif.numFrames() }, (_, i) => i);
  const pixelsOf = (index) => {
    const rgba = new Uint8Array(gif.width * gif.height * 4);
    gif.decodeAndBlitFrameRGBA(index, rgba);
    return withoutAlpha(rgba);
  };
  return {
    width: gif.width,
    height: gif.height,
    loops: gif.loopCount(),
    milliseconds: indices.map((index) => gif.frameInfo(index).delay * 10),
    frames: indices.map(pixelsOf),
  };
}

function readApng() {
  const UPNG = require("upng-js");
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
  const png = UPNG.decode(bytes);
  return {
    width: png.width,
    height: png.height,
    loops: png.tabs.acTL.num_plays,
    milliseconds: png.frames.map((frame) => frame.delay),
    frames: UPNG.toRGBA8(png).map((rgba) => withoutAlpha(new Uint8Array(rgba))),
  };
}

console.log(JSON.stringify(path.endsWith(".gif") ? readGif() : readApng()));
