// Curves by uPlot: drag to zoom, double-click to reset, hover to read all charts at one epoch or
// step.

const styleOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const curveColor = (index) => styleOf(`--curve-${index % 6}`);
const kDash = [6, 5];
const kHeight = 260;
const kWholeSteps = [0, 1, 2, 3, 4, 5].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));

const numberText = (value) =>
  value === null || value === undefined ? "–" : String(Number(Number(value).toPrecision(5)));

// The name and style of a curve. Colours: one per run, or per run and metric if there are several
// metrics, with training dashed; for a single run and metric, training and test have different
// colours.
function looksOf(chart, runs) {
  const parts = chart.series.map(({ run, name }) => {
    const [split, metric = ""] = name.split(" ");
    return { run, split, metric, key: `${run} ${metric}` };
  });
  const keys = [...new Set(parts.map(({ key }) => key))];
  const hasOneMetric = new Set(parts.map(({ metric }) => metric)).size === 1;
  const isSingle = runs.length === 1 && hasOneMetric;
  const colorOf = ({ run, split, key }) =>
    (isSingle ? Number(split === "test") : hasOneMetric ? run : keys.indexOf(key));
  return parts.map((part) => {
    const hasTest = parts.some(({ key, split }) => key === part.key && split === "test");
    return {
      label: [runs.length > 1 ? runs[part.run].name : "", part.split, part.metric].filter(Boolean).join(" "),
      color: colorOf(part),
      dash: !isSingle && part.split === "train" && hasTest ? kDash : undefined,
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

function optionsOf(chart, runs, width, logarithmic) {
  return {
    width,
    height: kHeight,
    cursor: { sync: { key: chart.by }, drag: { x: true, y: false }, focus: { prox: 24 } },
    focus: { alpha: 0.35 },
    scales: { x: { time: false }, y: logarithmic ? { distr: 3 } : {} },
    axes: [
      axis({ incrs: kWholeSteps, size: 34 }),
      axis({
        size: 62,
        values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : numberText(tick))),
      }),
    ],
    series: [
      { label: chart.by, value: (_, x) => String(x ?? "–") },
      ...looksOf(chart, runs).map(({ label, color, dash }) => ({
        label,
        dash,
        width: 2,
        spanGaps: true,
        stroke: () => curveColor(color),
        points: { fill: () => styleOf("--card") },
        value: (_, value) => numberText(value),
      })),
    ],
  };
}

// Draws the chart into `place`, and again when its width changes; returns a function that redraws
// it with a logarithmic or linear scale.
function drawChart(place, chart, runs) {
  const values = uPlot.join(chart.series.map(({ x, y }) => [x, y]));
  let plot = null;
  let logarithmic = false;
  const draw = () => {
    const width = Math.max(place.clientWidth, 200);
    plot?.destroy();
    plot = new uPlot(optionsOf(chart, runs, width, logarithmic), values, place);
  };
  new ResizeObserver(() => {
    if (!plot) draw();
    else if (plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height: kHeight });
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  return (wanted) => {
    logarithmic = wanted;
    draw();
  };
}
