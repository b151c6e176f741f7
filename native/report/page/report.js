// Builds the page from the data of native/run/report_page.cpp. Names and other texts of a run go in
// as text, never as markup.

const { runs, charts, zoom, version } = JSON.parse(document.getElementById("data").textContent);
const isSeveral = runs.length > 1;

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const card = (...children) => element("div", { className: "card" }, ...children);
const grid = (...children) => element("div", { className: "grid" }, ...children);

function dot(run) {
  const node = element("span", { className: "dot" });
  node.style.background = `var(--curve-${run % 6})`;
  return node;
}

const runTitle = (run) => (isSeveral ? element("h3", {}, dot(run), runs[run].name) : null);

function section(title, ...children) {
  const shown = children.filter(Boolean);
  return shown.length > 0 ? [element("h2", {}, title), ...shown] : [];
}

// Rows of cells; the first of each is its title. Numbers stand at the right.
function table(titles, rows) {
  const cell = (tag, content, isFirst) => element(
    isFirst ? "th" : tag,
    { className: isFirst ? "" : typeof content === "number" ? "number" : "text" },
    typeof content === "number" ? numberText(content) : content ?? "");
  const head = titles.length > 0 && element("thead", {}, element("tr", {}, ...titles.map((title, column) => {
    const isNumber = rows.some((row) => typeof row[column] === "number");
    return element("th", { className: isNumber ? "number" : "" }, title);
  })));
  const body = rows.map((row) => element("tr", {}, ...row.map((content, column) => cell("td", content, column === 0))));
  return element("div", { className: "scroll" },
    element("table", {}, ...(head ? [head] : []), element("tbody", {}, ...body)));
}

function durationText(seconds) {
  if (!seconds) return "";
  if (seconds < 120) return `${numberText(Number(seconds.toPrecision(3)))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function facts() {
  const grouped = (count) => (count === undefined ? "" : count.toLocaleString("en-US"));
  const rows = [
    ["recipe", (run) => run.recipe_name],
    ["model", (run) => run.model],
    ["data", (run) => run.data],
    ["parameters", (run) => grouped(run.parameters)],
    ["epochs", (run) => (run.epochs < run.planned_epochs ? `${run.epochs} of ${run.planned_epochs}` : `${run.epochs}`)],
    ["batch", (run) => grouped(run.batch)],
    ["seed", (run) => `${run.seed ?? ""}`],
    ["device", (run) => run.devices.join("; then ")],
    ["time per epoch", (run) => durationText(run.seconds_per_epoch)],
    ["time of training", (run) => durationText(run.seconds)],
    ["speed", (run) => (run.images_per_second ? `${grouped(Math.round(run.images_per_second))} pictures/s` : "")],
  ].map(([title, text]) => [title, ...runs.map((run) => text(run) ?? "")]);
  return card(table(
    isSeveral ? ["", ...runs.map((run, index) => element("span", {}, dot(index), run.name))] : [],
    rows.filter((row) => row.slice(1).some((text) => text !== ""))));
}

function lastFigures() {
  const names = [...new Set(runs.flatMap((run) => run.figures.map(({ name }) => name)))];
  const splits = ["train", "test"];
  const valueOf = (run, split, name) =>
    run.figures.find((figure) => figure.split === split && figure.name === name)?.value;
  const columns = runs.flatMap((run, index) => splits.map((split) => ({ run, index, split })));
  const titles = columns.map(({ run, index, split }) =>
    (isSeveral ? element("span", {}, dot(index), `${run.name} ${split}`) : split));
  const rows = names.map((name) => [
    name.replaceAll("_", " "), ...columns.map(({ run, split }) => valueOf(run, split, name))]);
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

function picture({ src, width }, caption, kind = "pixels") {
  const image = element("img", { src, alt: caption, className: kind });
  image.style.width = `${kind === "pixels" ? 2 * width : width}px`;
  return element("figure", {}, element("figcaption", {}, caption), image);
}

// Pictures by epoch share a slider; each run shows its latest picture up to there.
const kSeries = [
  ["samples", "samples of the same noise"],
  ["reconstructions", "test pictures, below each row their reconstructions"],
];

function epochFigure(entries, caption) {
  const figure = picture(entries[0], caption);
  const show = (epoch) => {
    const entry = entries.findLast((candidate) => candidate.epoch <= epoch) ?? entries[0];
    figure.querySelector("img").src = entry.src;
    figure.querySelector("figcaption").textContent =
      entry.epoch === epoch ? caption : `${caption} (epoch ${entry.epoch})`;
  };
  return { figure, show };
}

function player(epochs, show) {
  const slider = element("input", { type: "range", min: 0, max: epochs.length - 1, value: epochs.length - 1 });
  slider.setAttribute("aria-label", "epoch");
  const label = element("output");
  const button = element("button", { type: "button", textContent: "▶", ariaLabel: "play" });
  let timer = 0;
  const update = () => {
    label.textContent = `epoch ${epochs[slider.value]}`;
    show(epochs[slider.value]);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = "▶";
  };
  const advance = () => {
    if (Number(slider.value) === epochs.length - 1) return stop();
    slider.value = Number(slider.value) + 1;
    update();
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) === epochs.length - 1) slider.value = 0;
    update();
    button.textContent = "❚❚";
    timer = setInterval(advance, 350);
  });
  slider.addEventListener("input", () => { stop(); update(); });
  update();
  return element("div", { className: "card player" }, button, slider, label);
}

function epochPictures() {
  const shows = [];
  const cards = runs.flatMap(({ pictures }, run) => {
    const figures = kSeries.filter(([name]) => pictures[name]?.length > 0).map(([name, caption]) => {
      const { figure, show } = epochFigure(pictures[name], caption);
      shows.push(show);
      return figure;
    });
    if (figures.length === 0) return [];
    return isSeveral ? [card(runTitle(run), ...figures)] : figures.map((figure) => card(figure));
  });
  if (cards.length === 0) return [];
  const epochs = [...new Set(runs.flatMap(({ pictures }) =>
    kSeries.flatMap(([name]) => (pictures[name] ?? []).map(({ epoch }) => epoch))))].sort((a, b) => a - b);
  const show = (epoch) => shows.forEach((each) => each(epoch));
  return [player(epochs, show), grid(...cards)];
}

const kStills = [
  ["interpolation", "pixels", () => "from a sample to another, ten steps"],
  ["latents", "drawing", ({ latent_size: size }) => (size === 2
    ? "where the encoder puts test pictures, ±4, coloured by class"
    : "where the encoder puts test pictures, in the plane of their two principal components, coloured by class")],
  ["manifold", "pixels", () => "the plane of latents, decoded: equal steps of probability"],
  ["neighbours", "pixels", () => "samples, and the training pictures that are nearest to them"],
];

function stills() {
  const cards = runs.flatMap((run, index) => {
    const figures = kStills.filter(([name]) => run.pictures[name])
      .map(([name, kind, caption]) => picture(run.pictures[name], caption(run), kind));
    if (figures.length === 0) return [];
    return isSeveral ? [card(runTitle(index), ...figures)] : figures.map((figure) => card(figure));
  });
  return cards.length > 0 ? grid(...cards) : null;
}

function evaluations() {
  const cards = runs.flatMap((run, index) => {
    const measured = run.evaluation;
    if (!measured?.figures) return [];
    const rows = Object.entries(measured.figures).map(([name, figure]) =>
      [name.replaceAll("_", " "), figure.mean ?? figure, figure.deviation ?? ""]);
    const origin = ["extractor", "samples", "reference"].filter((key) => measured[key] !== undefined)
      .map((key) => `${key} ${measured[key]}`).join(", ");
    return [card(runTitle(index), table(["figure", "mean", "standard deviation"], rows),
      element("p", { className: "quiet" }, origin))];
  });
  return cards.length > 0 ? grid(...cards) : null;
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

// Of several runs the lines are marked that not all of them have.
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
    all.push("Curves are still pictures: this program was built without uPlot, which scripts/setup fetches.");
  }
  return all.length > 0
    ? element("div", { className: "card notes" }, ...all.map((note) => element("p", {}, note))) : null;
}

function header() {
  if (isSeveral) return element("header", {}, element("h1", {}, `${runs.length} runs side by side`));
  const { name, model, data, epochs } = runs[0];
  const about = [model, data && `on ${data},`, `${epochs} ${epochs === 1 ? "epoch" : "epochs"}`];
  return element("header", {}, element("h1", {}, name),
    element("p", { className: "quiet" }, about.filter(Boolean).join(" ")));
}

document.getElementById("report").append(...[
  header(),
  notes(),
  ...section("Overview", grid(...[facts(), lastFigures()].filter(Boolean))),
  ...section("Evaluation", evaluations()),
  ...section("Curves", charts.length > 0 ? grid(...charts.map(chartCard)) : null,
    zoom && charts.length > 0 ? element("p", { className: "quiet" },
      "Drag to zoom, double-click for the whole; click a name to hide its curve.") : null),
  ...section("Pictures by epoch", ...epochPictures()),
  ...section("Latent space", stills()),
  ...section("Networks", networks()),
  ...section("Recipe", recipes()),
  element("footer", {}, `Pumice ${version}`),
].filter(Boolean));
