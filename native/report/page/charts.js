// Curves by uPlot: drag to zoom, double-click to reset, hover to read all charts at one place.

const styleOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const curveColor = (index) => styleOf(`--curve-${index % 6}`);
const kDash = [6, 5], kFineDash = [4, 2];
const kHeight = 260;
const kWholeSteps = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
const kParts = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, ...kWholeSteps];
const kClock = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000, 86400];

const numberText = (value) =>
  value === null || value === undefined ? "–" : String(Number(Number(value).toPrecision(5)));

// The name and style of a curve. Colours: one per run, or per run and metric if there are several
// metrics; for a single run and metric, training and test have different colours. Training is a
// faint line by step with dots by epoch, or a line by epoch alone; it is dashed where its colour is
// the test's.
function looksOf(series) {
  const parts = series.map(({ run, name, by }) => {
    const [split, metric = ""] = name.split(" ");
    return { run, by, split, metric, key: `${run} ${metric}` };
  });
  const keys = [...new Set(parts.map(({ key }) => key))];
  const hasOneMetric = new Set(parts.map(({ metric }) => metric)).size === 1;
  const isSingle = !isSeveral && hasOneMetric;
  const colorOf = ({ run, split, key }) =>
    (isSingle ? Number(split === "test") : hasOneMetric ? run : keys.indexOf(key));
  return parts.map((part) => {
    const has = (wanted) => parts.some((other) =>
      other.key === part.key && Object.entries(wanted).every(([name, value]) => other[name] === value));
    const isFine = part.by === "step";
    const isMean = !isFine && part.split === "train" && has({ by: "step" });
    const words = [isSeveral ? runs[part.run].name : "", part.split, part.metric, isMean ? "(epoch)" : ""];
    return {
      label: words.filter(Boolean).join(" "),
      color: colorOf(part),
      isFine,
      isDots: isMean,
      dash: !isSingle && !isMean && part.split === "train" && has({ split: "test" })
        ? (isFine ? kFineDash : kDash) : undefined,
    };
  });
}

const axis = (more) => ({
  stroke: () => styleOf("--quiet"),
  grid: { stroke: () => styleOf("--line"), width: 1 },
  ticks: { stroke: () => styleOf("--line"), width: 1 },
  font: "12px system-ui, sans-serif",
  ...more,
});

// A unit's axis in whole steps, parts of an epoch, or round times.
const horizontalAxis = (unit) => axis({
  size: 34,
  incrs: { step: kWholeSteps, epoch: kParts, time: kClock }[unit],
  values: (_, ticks) => ticks.map((tick) => (unit === "time" ? clockText(tick) : numberText(tick))),
});

function verticalAxis(logarithmic) {
  const text = (_, ticks) => ticks.map((tick) => (tick === null ? "" : numberText(tick)));
  return axis({ size: 62, values: text, ...(logarithmic && {
    splits: (_plot, _axis, min, max) => logTicks(min, max),
    filter: (_, ticks) => ticks,
  }) });
}

// The legend shows each curve's latest value: at the cursor, or its last.
function legendText(plot, value, index, place) {
  if (place !== null && place !== undefined) return numberText(value);
  const isHovered = plot.cursor.idx !== null && plot.cursor.idx !== undefined;
  return numberText(isHovered ? null : plot.data[index].findLast((each) => each !== null && each !== undefined));
}

const curveOptions = ({ label, color, dash, isFine, isDots }) => ({
  label,
  dash,
  ...(isDots && { paths: () => null }),
  width: isFine ? 1.2 : 2,
  alpha: isFine ? 0.6 : 1,
  spanGaps: true,
  stroke: () => curveColor(color),
  points: { show: !isFine, size: 6, fill: () => styleOf("--card") },
  value: legendText,
});

const markerOf = ({ dash, isDots }) => (isDots ? "dotted" : dash ? "dashed" : "solid");

function optionsOf(looks, width, { unit, logarithmic }) {
  const last = (plot) => plot.data[0][plot.data[0].length - 1];
  return {
    width,
    height: kHeight,
    cursor: {
      sync: { key: unit },
      drag: { x: true, y: false },
      focus: { prox: 24 },
      hover: { skip: [null, undefined], bias: -1 },
    },
    focus: { alpha: 0.35 },
    legend: { markers: { width: 2, fill: () => "none", dash: (_, index) => markerOf(looks[index - 1]) } },
    scales: {
      x: { time: false },
      y: logarithmic ? { distr: 3, range: (_, min, max) => logRange(min, max) } : {},
    },
    axes: [horizontalAxis(unit), verticalAxis(logarithmic)],
    series: [{ label: "at", value: (plot, x) => unitText(unit, x ?? last(plot)) }, ...looks.map(curveOptions)],
  };
}

// The moving average of TensorBoard: each point has `weight` of the one before, and the first points do
// not depend on where it begins.
function smoothed(values, weight) {
  let last = 0, count = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    last = weight * last + (1 - weight) * value;
    return last / (1 - weight ** ++count);
  });
}

// Draws the chart into `place`, and again when its width or its look changes; returns a function
// that changes its look: { unit, logarithmic, smoothing }. Curves by step are smoothed.
function drawChart(place, series, look) {
  let plot = null;
  const draw = () => {
    const shown = series.map((each) => [each, pointsIn(look.unit, each)]).filter(([, points]) => points)
      .map(([each, [x, y]]) => [each, [x, each.by === "step" ? smoothed(y, look.smoothing) : y]]);
    plot?.destroy();
    plot = null;
    if (shown.length === 0) return;
    plot = new uPlot(optionsOf(looksOf(shown.map(([each]) => each)), Math.max(place.clientWidth, 200), look),
      uPlot.join(shown.map(([, points]) => points)), place);
  };
  new ResizeObserver(() => {
    if (!plot) draw();
    else if (plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height: kHeight });
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  return (change) => {
    look = { ...look, ...change };
    draw();
  };
}
