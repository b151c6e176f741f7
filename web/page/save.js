// Offers images as downloads.
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// `scale`: each pixel becomes a square of that side.
export async function savePng(rgba, width, height, scale, name) {
  const small = new OffscreenCanvas(width, height);
  small.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(rgba.buffer), width, height), 0, 0);
  const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done));
  if (!blob) throw new Error(`${name}: an image of ${canvas.width}×${canvas.height} pixels is too large for this browser to save. Choose fewer images.`);
  download(blob, name);
}

// Palette indices: exact for grey levels; for colours the nearest of 256, the same for all frames,
// so that they do not flicker.
function paletteOf(rgba, { applyPalette, quantize }) {
  const isGray = rgba.every((value, i) => i % 4 === 3 || value === rgba[i - i % 4]);
  if (!isGray) {
    const palette = quantize(rgba, 256);
    return { palette, indices: (frame) => applyPalette(frame, palette) };
  }
  const palette = Array.from({ length: 256 }, (_, level) => [level, level, level]);
  return { palette, indices: (frame) => frame.filter((_, i) => i % 4 === 0) };
}

export async function saveGif(rgba, width, height, frames, milliseconds, name) {
  const { GIFEncoder, ...colours } = await import("./gifenc.js").catch(({ message }) => {
    throw new Error(`${name}.gif: cannot be created: ${message}. Is gifenc.js next to the page?`);
  });
  const { palette, indices } = paletteOf(rgba, colours);
  const gif = GIFEncoder();
  for (let i = 0; i < frames; ++i) {
    // A copy, because gifenc reads the whole buffer underlying a view.
    const frame = rgba.slice(4 * width * height * i, 4 * width * height * (i + 1));
    const own = i === 0 ? { palette } : {};  // the others use the first frame's
    gif.writeFrame(indices(frame), width, height, { ...own, delay: milliseconds });
  }
  gif.finish();
  download(new Blob([gif.bytes()], { type: "image/gif" }), `${name}.gif`);
}
