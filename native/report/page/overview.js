// What a run reached, and the facts about it.

const spelled = (name) => name.replaceAll("_", " ");
const grouped = (count) => (count === undefined ? "" : count.toLocaleString("en-US"));

// Some metrics are not measured in every epoch: older values are marked, in their own rows.
const metricTitle = (run, { name, epoch }) => spelled(name) + (epoch < run.epochs ? ` (epoch ${epoch})` : "");

const titlesOfMetrics = () =>
  [...new Set(runs.flatMap((run) => run.figures.map((metric) => metricTitle(run, metric))))];

const valueOf = (run, split, title) =>
  run.figures.find((metric) => metric.split === split && metricTitle(run, metric) === title)?.value;

const tile = (title, value, more) => element("div", { className: "tile" },
  element("span", { className: "quiet" }, title), element("b", {}, value),
  more ? element("span", { className: "quiet" }, more) : null);

// The latest metrics of a single run: the test's, or the training's where there is no other.
function metricTiles(run) {
  const tiles = titlesOfMetrics().map((title) => {
    const [train, test] = ["train", "test"].map((split) => valueOf(run, split, title));
    return test === undefined ? tile(`training ${title}`, numberText(train))
      : tile(`test ${title}`, numberText(test), train === undefined ? "" : `training ${numberText(train)}`);
  });
  if (run.seconds) tiles.push(tile("training time", durationText(run.seconds), `${durationText(run.seconds_per_epoch)} per epoch`));
  if (run.images_per_second) tiles.push(tile("speed", grouped(Math.round(run.images_per_second)), "images per second"));
  return tiles.length > 0 ? element("div", { className: "tiles" }, ...tiles) : null;
}

const runNames = () => runs.map((run, index) => element("span", {}, dot(index), run.name));

// The latest metrics of several runs: a row for each metric, a column for each run.
function metricTable() {
  const cell = (run, title) => {
    const [train, test] = ["train", "test"].map((split) => valueOf(run, split, title));
    return element("span", {}, test === undefined ? null : element("span", {}, numberText(test)),
      train === undefined ? null : element("span", { className: "train" }, `train ${numberText(train)}`));
  };
  const rows = titlesOfMetrics().map((title) => [title, ...runs.map((run) => cell(run, title))]);
  return rows.length > 0 ? card(table(["last epoch", ...runNames()], rows)) : null;
}

const latestMetrics = () => (isSeveral ? metricTable() : metricTiles(runs[0]));

function epochsText(run) {
  const trained = run.length?.epochs ?? `${run.epochs}`;
  return Number(trained) < run.planned_epochs ? `${trained} of ${run.planned_epochs}` : trained;
}

// The ends of the first and the last epoch, in UTC: "2026-11-28, 03:55 to 04:10 UTC".
function dateText(first, last) {
  if (!first || !last) return "";
  const [day, end] = [first, last].map((time) => time.slice(0, 10));
  const [from, to] = [first, last].map((time) => time.slice(11, 16));
  if (day === end) return from === to ? `${day}, ${from} UTC` : `${day}, ${from} to ${to} UTC`;
  return `${day} ${from} to ${end} ${to} UTC`;
}

const kFacts = [
  ["model", (run) => run.model],
  ["data", (run) => run.data],
  ["recipe", (run) => run.recipe_name],
  ["parameters", (run) => grouped(run.parameters)],
  ["epochs", epochsText],
  ["time budget", (run) => (run.length?.end === "budget" ? `${numberText(run.length.minutes)} min, short of the schedule` : "")],
  ["steps", (run) => (run.steps > 0 ? grouped(run.steps) : "")],
  ["batch", (run) => grouped(run.batch)],
  ["seed", (run) => `${run.seed ?? ""}`],
  ["time per epoch", (run) => durationText(run.seconds_per_epoch)],
  ["training time", (run) => durationText(run.seconds)],
  ["speed", (run) => (run.images_per_second ? `${grouped(Math.round(run.images_per_second))} images/s` : "")],
  ["FID while training", (run) => run.evaluations.join("; then ")],
  ["device", (run) => run.devices.join("; then ")],
  ["date", ({ times }) => dateText(...times)],
  ["program", (run) => run.programs.join("; then ")],
  ["command", (run) => run.commands.join("; then ")],
];

// Long texts of a single run are below each other, the others in columns.
function facts() {
  const rows = kFacts.map(([title, text]) => [title, ...runs.map((run) => text(run) || "")])
    .filter((row) => row.slice(1).some((text) => text !== ""));
  if (isSeveral) return card(table(["", ...runNames()], rows));
  const pair = ([title, text]) => element("div", { className: text.length > 34 ? "long" : "" },
    element("dt", {}, title), element("dd", {}, text));
  return card(element("dl", { className: "facts" }, ...rows.map(pair)));
}
