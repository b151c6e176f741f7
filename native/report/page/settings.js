// Hyperparameters: the keys of recipes and their values, without the layers.

// A recipe as [["optimizer.learning_rate", "0.001"], …]; it is TOML as the program writes it.
function settingsOf(recipe) {
  const settings = [];
  let section = "";
  for (const line of recipe.split("\n")) {
    const header = line.match(/^\[(.+)\]$/);
    if (header) section = `${header[1]}.`;
    const setting = line.match(/^(\w+) = (.*[^[])$/);
    if (setting) settings.push([section + setting[1], setting[2].replace(/^"(.*)"$/, "$1") || "none"]);
  }
  return settings;
}

function settingsByRow() {
  const all = runs.map((run) => new Map(settingsOf(run.recipe)));
  const names = [...new Set(all.flatMap((settings) => [...settings.keys()]))];
  return names.map((name) => [name, ...all.map((settings) => settings.get(name) ?? "")]);
}

// Of several runs, the settings that differ come first, and the others on request.
function hyperparameters() {
  const rows = settingsByRow();
  if (rows.length === 0) return null;
  if (!isSeveral) {
    return card(element("dl", { className: "facts settings" }, ...rows.map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value)))));
  }
  const differs = ([, ...values]) => new Set(values).size > 1;
  const titles = ["", ...runNames()];
  const differing = rows.filter(differs), equal = rows.filter((row) => !differs(row));
  return element("div", { className: "stack" },
    card(differing.length > 0 ? table(titles, differing) : "The runs have the same hyperparameters."),
    equal.length > 0 ? card(element("details", {}, element("summary", {}, `${equal.length} equal ones`), table(titles, equal))) : null);
}
