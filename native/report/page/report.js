// Builds the page: its header, networks and recipes, and the sections in their order.

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

// The command that shows the model in the browser, to be pasted into a shell.
const openHint = ({ serve_command: command }) => command && element("p", { className: "quiet" },
  "explore it in the browser: ", element("code", {}, command));

function header() {
  if (isSeveral) return element("header", {}, element("h1", {}, `${runs.length} runs side by side`));
  const { name, model, data, epochs, steps } = runs[0];
  const count = (number, noun) => `${number} ${noun}${`${number}` === "1" ? "" : "s"}`;
  const length = epochs === 0 && steps > 0 ? `${count(steps, "step")} of the first epoch` : count(epochsText(runs[0]), "epoch");
  const about = [model, data && `on ${data},`, length];
  return element("header", {}, element("h1", {}, name),
    element("p", { className: "quiet" }, about.filter(Boolean).join(" ")), ...[openHint(runs[0])].filter(Boolean));
}

document.getElementById("report").append(...[
  header(),
  notes(),
  section("Results", latestMetrics()),
  section("Samples", stills(kSamples)),
  section("Images by epoch", ...epochImages()),
  section("Evaluation", evaluations()),
  section("Curves", curves()),
  section("Latent space", stills(kLatentSpace)),
  section("About the run" + (isSeveral ? "s" : ""), facts()),
  section("Hyperparameters", hyperparameters()),
  section("Networks", networks()),
  section("Recipe", recipes()),
  element("footer", {}, `Pumice ${version}`),
].filter(Boolean));
