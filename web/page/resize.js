// Scales images as engine/data/decode_image.cpp does: down by averaging over the area of each
// pixel, up by linear interpolation.

// For each of `to` positions: the first of the `from` values that contribute, and their weights.
function places(from, to) {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    if (step > 1) {
      const [begin, end] = [i * step, (i + 1) * step];
      const first = Math.floor(begin);
      const count = Math.min(from, Math.ceil(end)) - first;
      return { first, weights: Array.from({ length: count }, (_, k) =>
        (Math.min(end, first + k + 1) - Math.max(begin, first + k)) / step) };
    }
    const center = Math.min(from - 1, Math.max(0, (i + 0.5) * step - 0.5));
    const first = Math.min(Math.floor(center), Math.max(0, from - 2));
    return { first, weights: from === 1 ? [1] : [first + 1 - center, center - first] };
  });
}

// [outer, from, inner] → [outer, to, inner]
function resizeAxis(values, outer, from, inner, to) {
  const result = new Float32Array(outer * to * inner);
  const parts = places(from, to);
  for (let o = 0; o < outer; ++o) {
    parts.forEach(({ first, weights }, i) => {
      const target = (o * to + i) * inner;
      weights.forEach((weight, k) => {
        const source = (o * from + first + k) * inner;
        for (let at = 0; at < inner; ++at) result[target + at] += weight * values[source + at];
      });
    });
  }
  return result;
}

// [height, width, channels] → [newHeight, newWidth, channels]
export function resize(values, [height, width, channels], [newHeight, newWidth]) {
  const narrow = resizeAxis(values, height, width, channels, newWidth);
  return resizeAxis(narrow, 1, height, newWidth * channels, newHeight);
}
