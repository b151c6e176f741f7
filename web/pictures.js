// Picture files as numbers, by the browser's own decoders.

const kSignatures = [[0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff]];  // PNG, JPEG

// `head`: the file's first bytes.
export function isPicture(file, head) {
  return file.type.startsWith("image/") || /\.(png|jpe?g)$/i.test(file.name) ||
    kSignatures.some((signature) => signature.every((byte, i) => head[i] === byte));
}

// The largest middle part of the picture that has the proportions width : height, at that size.
async function middle(blob, width, height) {
  const whole = await createImageBitmap(blob, { colorSpaceConversion: "none" });
  const scale = Math.min(whole.width / width, whole.height / height);
  const part = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  return createImageBitmap(
    whole, (whole.width - part[0]) >> 1, (whole.height - part[1]) >> 1, ...part,
    { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
}

// [height·width·channels], 0 … 1, on black where it is transparent. Throws where the browser cannot
// read the file.
export async function readPicture(blob, [height, width, channels]) {
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.fillRect(0, 0, width, height);
  context.drawImage(await middle(blob, width, height), 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return Float32Array.from({ length: height * width * channels }, (_, i) => {
    const at = 4 * Math.floor(i / channels);
    // Luma of Rec. 601: what PNG and JPEG readers make of colours.
    const gray = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    return (channels === 1 ? gray : data[at + i % channels]) / 255;
  });
}
