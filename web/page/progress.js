// The bar on the screen until the program draws: the bytes of all parts that have arrived.
const parts = new Map();
let shown = 0;

// `total`: 0 if it is not known.
export function showProgress(part, received, total) {
  parts.set(part, [received, Math.max(total, received)]);
  const [here, all] = [...parts.values()].reduce((sum, each) => sum.map((value, i) => value + each[i]), [0, 0]);
  shown = Math.max(shown, here / all);  // a part that begins later does not move it back
  document.getElementById("progress").value = shown;
}
