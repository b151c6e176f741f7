// Renders glyphs for the program with the browser's own font: sharp at any scale, nothing to load.

const kFamily = "system-ui, sans-serif";
let context;

function canvasFor(pixels, weight) {
  context ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  context.font = `${weight} ${pixels}px ${kFamily}`;
  return context;
}

// Device pixels: [advance, left of the origin, above the baseline, width, height].
export function measureGlyph(code, pixels, weight) {
  const metrics = canvasFor(pixels, weight).measureText(String.fromCodePoint(code));
  const left = Math.floor(metrics.actualBoundingBoxLeft) + 1;
  const top = Math.ceil(metrics.actualBoundingBoxAscent) + 1;
  const width = Math.max(1, left + Math.ceil(metrics.actualBoundingBoxRight) + 1);
  const height = Math.max(1, top + Math.ceil(metrics.actualBoundingBoxDescent) + 1);
  return [metrics.width, left, top, width, height];
}

// Coverage, one byte per pixel, of the box returned by measureGlyph.
export function drawGlyph(code, pixels, weight, [, left, top, width, height]) {
  const { canvas } = canvasFor(pixels, weight);
  Object.assign(canvas, { width, height });
  canvasFor(pixels, weight).fillText(String.fromCodePoint(code), left, top);
  return context.getImageData(0, 0, width, height).data.filter((_, i) => i % 4 === 3);
}
