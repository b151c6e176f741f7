// Reads image files as numbers: decoded by the browser, then cropped and scaled like the native
// program (see engine/data/decode_image.h), so that a model sees the same images as in
// training.
import { resize } from "./resize.js";

const kSignatures = [[0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff]];  // PNG, JPEG

const kLargestThumbnail = 256;

// `head`: the file's first bytes.
export function isImage(file, head) {
  return file.type.startsWith("image/") || /\.(png|jpe?g)$/i.test(file.name) ||
    kSignatures.some((signature) => signature.every((byte, i) => head[i] === byte));
}

// RGBA of the largest centred part of the image with the aspect ratio width : height, composited
// onto the background.
async function middle(blob, width, height, background) {
  const whole = await createImageBitmap(blob, { imageOrientation: "from-image", colorSpaceConversion: "none" });
  const scale = Math.min(whole.width / width, whole.height / height);
  const part = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const context = new OffscreenCanvas(...part).getContext("2d", { willReadFrequently: true });
  context.fillStyle = background;
  context.fillRect(0, 0, ...part);
  context.drawImage(whole, -((whole.width - part[0]) >> 1), -((whole.height - part[1]) >> 1));
  whole.close();
  return context.getImageData(0, 0, ...part);
}

// The colors of RGBA, or their luma of Rec. 601 in integer arithmetic.
function withChannels(rgba, channels) {
  const values = new Uint8Array(rgba.length / 4 * channels);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += channels) {
    const [red, green, blue] = [rgba[from], rgba[from + 1], rgba[from + 2]];
    if (channels === 3) values.set([red, green, blue], to);
    else values[to] = (77 * red + 150 * green + 29 * blue) >> 8;
  }
  return values;
}

// [height·width·channels], 0 … 1. `background`: a CSS color. Throws if the browser cannot read the
// file.
export async function readImage(blob, [height, width, channels], background) {
  const part = await middle(blob, width, height, background);
  const values = withChannels(part.data, channels);
  const scaled = resize(values, [part.height, part.width, channels], [height, width]);
  return scaled.map((value) => Math.floor(value + 0.5) / 255);
}

// A small PNG in a data: address, as ImageData.
export async function readThumbnail(address) {
  const bytes = Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const { width, height } = image;
  if (Math.max(width, height) > kLargestThumbnail) throw new Error("too large");
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, width, height);
}
