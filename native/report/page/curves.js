// The section of curves: a chart for each group of metrics, by step and by epoch together.

// Charts that show the same metrics, merged: [{ label, group, series, pictures }].
function mergedCharts() {
  const merged = new Map();
  for (const { group, label, by, series, picture } of charts) {
    if (!merged.has(group)) merged.set(group, { label, series: [], pictures: [] });
    const chart = merged.get(group);
    chart.series.push(...series.map((each) => ({ ...each, by })));
    if (picture) chart.pictures.push(picture);
  }
  // Fine lines first, so that dots are drawn over them.
  return [...merged.values()].map((chart) =>
    ({ ...chart, series: chart.series.sort((a, b) => Number(a.by === "epoch") - Number(b.by === "epoch")) }));
}

function chartCard(chart, unit) {
  const place = element("div", { className: "chart" });
  const title = element("div", { className: "chart-title" }, element("h3", {}, chart.label));
  if (!zoom) {
    place.append(...chart.pictures.map((src) => element("img", { src, alt: chart.label })));
    return { node: card(title, place) };
  }
  const change = drawChart(place, chart.series, { unit, logarithmic: false, smoothing: kept.smoothing });
  if (chart.series.every(({ y }) => y.every((value) => value > 0))) {
    const box = element("input", { type: "checkbox" });
    box.addEventListener("change", () => change({ logarithmic: box.checked }));
    title.append(element("label", {}, box, " log"));
  }
  return { node: card(title, place), change };
}

// Radio buttons for the unit of all charts; none where there is no choice.
function unitChoice(units, unit, choose) {
  if (units.length < 2) return null;
  return element("div", { className: "choice", role: "radiogroup", ariaLabel: "horizontal axis" },
    ...units.map((name) => {
      const button = element("input", { type: "radio", name: "unit", value: name, checked: name === unit });
      button.addEventListener("change", () => choose(name));
      return element("label", {}, button, element("span", {}, name));
    }));
}

// Kept where the page loads anew because the run has gone on. Storage may be forbidden.
const kept = {
  get smoothing() {
    try {
      return Number(sessionStorage.pumiceSmoothing ?? 0);
    } catch {
      return 0;
    }
  },
  set smoothing(value) {
    try {
      sessionStorage.pumiceSmoothing = value;
    } catch {}
  },
};

// A slider for the smoothing of all curves by step.
function smoothingChoice(choose) {
  const text = element("output", {}, String(kept.smoothing));
  const slider = element("input", { type: "range", min: 0, max: 0.99, step: 0.01, value: kept.smoothing });
  slider.addEventListener("input", () => {
    kept.smoothing = slider.valueAsNumber;
    text.textContent = slider.value;
    choose(slider.valueAsNumber);
  });
  return element("label", { className: "smoothing" }, "smoothing ", slider, " ", text);
}

function curves() {
  const merged = mergedCharts();
  if (merged.length === 0) return null;
  const all = merged.flatMap(({ series }) => series);
  const units = Object.keys(kUnits).filter((unit) => all.some((series) => pointsIn(unit, series)));
  const unit = units.includes("epoch") ? "epoch" : "step";
  const shown = merged.map((chart) => chartCard(chart, unit));
  const hasSteps = all.some(({ by }) => by === "step");
  const changeAll = (look) => shown.forEach(({ change }) => change(look));
  const hints = [hasSteps && "The fine lines are training by step: each point is the mean since the previous one.",
    zoom && "Drag to zoom, double-click to reset; click a name to hide its curve."];
  return element("div", {},
    zoom ? unitChoice(units, unit, (chosen) => changeAll({ unit: chosen })) : null,
    zoom && hasSteps ? smoothingChoice((smoothing) => changeAll({ smoothing })) : null,
    grid(...shown.map(({ node }) => node)),
    element("p", { className: "quiet" }, hints.filter(Boolean).join(" ")));
}
