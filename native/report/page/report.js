// Builds the page: numbers, charts, images, networks and recipes of the runs.

function durationText(seconds) {
  if (!seconds) return "";
  if (seconds < 120) return `${numberText(Number(seconds.toPrecision(3)))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function epochsText(run) {
  const trained = run.length?.epochs ?? `${run.epochs}`;
  return Number(trained) < run.planned_epochs ? `${trained} of ${run.planned_epochs}` : trained;
}

function facts() {
  const grouped = (count) => (count === undefined ? "" : count.toLocaleString("en-US"));
  const rows = [
    ["recipe", (run) => run.recipe_name],
    ["model", (run) => run.model],
    ["data", (run) => run.data],
    ["parameters", (run) => grouped(run.parameters)],
    ["epochs", epochsText],
    ["time budget", (run) => (run.length?.end === "budget" ? `${numberText(run.length.minutes)} min, short of the schedule` : "")],
    ["steps", (run) => (run.steps > 0 ? grouped(run.steps) : "")],
    ["batch", (run) => grouped(run.batch)],
    ["seed", (run) => `${run.seed ?? ""}`],
    ["device", (run) => run.devices.join("; then ")],
    ["FID while training", (run) => run.evaluations.join("; then ")],
    ["time per epoch", (run) => durationText(run.seconds_per_epoch)],
    ["training time", (run) => durationText(run.seconds)],
    ["speed", (run) => (run.images_per_second ? `${grouped(Math.round(run.images_per_second))} images/s` : "")],
  ].map(([title, text]) => [title, ...runs.map((run) => text(run) ?? "")]);
  return card(table(
    isSeveral ? ["", ...runs.map((run, index) => element("span", {}, dot(index), run.name))] : [],
    rows.filter((row) => row.slice(1).some((text) => text !== ""))));
}

// Some metrics are not measured in every epoch: older values are marked, in their own rows.
function lastMetrics() {
  const titleOf = (run, { name, epoch }) =>
    name.replaceAll("_", " ") + (epoch < run.epochs ? ` (epoch ${epoch})` : "");
  const names = [...new Set(runs.flatMap((run) => run.figures.map((metric) => titleOf(run, metric))))];
  const splits = ["train", "test"];
  const valueOf = (run, split, name) =>
    run.figures.find((metric) => metric.split === split && titleOf(run, metric) === name)?.value;
  const columns = runs.flatMap((run, index) => splits.map((split) => ({ run, index, split })));
  const titles = columns.map(({ run, index, split }) =>
    (isSeveral ? element("span", {}, dot(index), `${run.name} ${split}`) : split));
  const rows = names.map((name) => [name, ...columns.map(({ run, split }) => valueOf(run, split, name))]);
  return names.length > 0 ? card(table(["last epoch", ...titles], rows)) : null;
}

function chartCard(chart) {
  const place = element("div", { className: "chart" });
  const title = element("div", { className: "chart-title" }, element("h3", {}, chart.label));
  if (!zoom) {
    place.append(element("img", { src: chart.picture, alt: chart.label }));
    return card(title, place);
  }
  const setLogarithmic = drawChart(place, chart, runs);
  if (chart.series.every(({ y }) => y.every((value) => value > 0))) {
    const box = element("input", { type: "checkbox" });
    box.addEventListener("change", () => setLogarithmic(box.checked));
    title.append(element("label", {}, box, " log"));
  }
  return card(title, place);
}

// By epoch; also by step while there are few epochs.
function curves() {
  const quiet = (text) => element("p", { className: "quiet" }, text);
  return [["Curves", "epoch"], ["Curves by step", "step"]].flatMap(([title, unit]) => {
    const shown = charts.filter(({ by }) => by === unit);
    if (shown.length === 0) return [];
    return section(title, grid(...shown.map(chartCard)),
      unit === "step" && quiet("Each point is the mean over the steps since the previous one."),
      zoom && quiet("Drag to zoom, double-click to reset; click a name to hide its curve."));
  });
}

function networkTable(network) {
  const shape = (extents) => `[${extents.join(", ")}]`;
  const count = (number) => element("span", {}, number.toLocaleString("en-US"));
  const rows = network.layers.map(({ name, kind, output, parameters }) => [name, kind, shape(output), count(parameters)]);
  const summary = element("summary", {}, element("b", {}, network.name), element("span", { className: "quiet" },
    `${shape(network.input)} → ${shape(network.output)}, ${network.parameters.toLocaleString("en-US")} parameters`));
  return element("details", { open: !isSeveral }, summary,
    table(["layer", "kind", "output", "parameters"], rows));
}

function networks() {
  const cards = runs.flatMap((run, index) => (run.networks ?? []).length === 0 ? []
    : isSeveral ? [card(runTitle(index), ...run.networks.map(networkTable))]
      : run.networks.map((network) => card(networkTable(network))));
  return cards.length > 0 ? grid(...cards) : null;
}

// With several runs, lines that are not in all recipes are marked.
function recipes() {
  const lines = runs.map((run) => run.recipe.split("\n"));
  const text = (own) => element("pre", {}, ...own.map((line) => {
    const isShared = lines.every((others) => others.includes(line));
    return element("span", { className: isShared ? "" : "differs" }, `${line}\n`);
  }));
  const cards = runs.map((run, index) => card(element("details", { open: isSeveral },
    element("summary", {}, isSeveral ? runTitle(index) : "recipe.toml"), text(lines[index]))));
  return runs.some((run) => run.recipe) ? grid(...cards) : null;
}

function notes() {
  const all = runs.flatMap((run) => run.notes.map((note) => (isSeveral ? `${run.name}: ${note}` : note)));
  if (!zoom && charts.length > 0) {
    all.push("Curves are static images: this program was built without uPlot, which scripts/setup fetches.");
  }
  return all.length > 0
    ? element("div", { className: "card notes" }, ...all.map((note) => element("p", {}, note))) : null;
}

function header() {
  if (isSeveral) return element("header", {}, element("h1", {}, `${runs.length} runs side by side`));
  const { name, model, data, epochs, steps } = runs[0];
  const count = (number, noun) => `${number} ${noun}${`${number}` === "1" ? "" : "s"}`;
  const length = epochs === 0 && steps > 0 ? `${count(steps, "step")} of the first epoch` : count(epochsText(runs[0]), "epoch");
  const about = [model, data && `on ${data},`, length];
  return element("header", {}, element("h1", {}, name),
    element("p", { className: "quiet" }, about.filter(Boolean).join(" ")));
}

document.getElementById("report").append(...[
  header(),
  notes(),
  ...section("Overview", grid(...[facts(), lastMetrics()].filter(Boolean))),
  ...section("Evaluation", evaluations()),
  ...curves(),
  ...section("Images by epoch", ...epochImages()),
  ...section("Samples", stills(kSamples)),
  ...section("Latent space", stills(kLatentSpace)),
  ...section("Networks", networks()),
  ...section("Recipe", recipes()),
  element("footer", {}, `Pumice ${version}`),
].filter(Boolean));
