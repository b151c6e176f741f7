// Offers pictures as downloads.
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function savePng(rgba, width, height, name) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const image = new ImageData(new Uint8ClampedArray(rgba.buffer), width, height);
  canvas.getContext("2d").putImageData(image, 0, 0);
  canvas.toBlob((blob) => download(blob, name));
}

export async function saveGif(rgba, width, height, frames, milliseconds, name) {
  const { GIFEncoder, applyPalette, quantize } = await import("./gifenc.mjs");
  const gif = GIFEncoder();
  const palette = quantize(rgba, 256);  // of all frames, so that colours do not flicker
  for (let i = 0; i < frames; ++i) {
    const frame = rgba.subarray(4 * width * height * i, 4 * width * height * (i + 1));
    gif.writeFrame(applyPalette(frame, palette), width, height, { palette, delay: milliseconds });
  }
  gif.finish();
  download(new Blob([gif.bytes()], { type: "image/gif" }), name);
}
