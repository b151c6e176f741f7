// The results of `pumice evaluate`: a table for each run, and one that compares several runs.

// The settings that must agree for metrics to be comparable (docs/evaluation.md).
const kBases = [
  ["extractor", "extractor"],
  ["extractor_hash", "hash of the extractor"],
  ["samples", "number of samples"],
  ["reference", "reference"],
  ["reference_pictures", "number of real images"],
  ["binarization", "binarization"],
  ["likelihood_samples", "k of the likelihood"],
  ["likelihood_pictures", "number of images for the likelihood"],
];

const isEvaluated = ({ evaluation }) => Boolean(evaluation?.figures);
const shortened = (deviation) => (deviation === undefined ? "" : Number(deviation.toPrecision(2)));
const warning = (text) => element("p", { className: "warning" }, text);

function evaluationCard(run, index) {
  const { figures: metrics, seconds, epoch, ...measured } = run.evaluation;
  const rows = Object.entries(metrics).map(([name, metric]) =>
    [spelled(name), metric.mean ?? metric, shortened(metric.deviation), metric.of ?? ""]);
  const origin = kBases.filter(([key]) => measured[key] !== undefined).map(([key, title]) => `${title} ${measured[key]}`);
  if (seconds !== undefined) origin.push(`measured in ${durationText(seconds)}`);
  return card(runTitle(index),
    epoch < run.epochs ? warning(`Measured at epoch ${epoch} of ${run.epochs}: training has continued since.`) : null,
    table(["metric", "mean", "deviation", "of"], rows),
    element("p", { className: "quiet" }, origin.join(", ")));
}

function comparison(measured) {
  const names = [...new Set(measured.flatMap(([run]) => Object.keys(run.evaluation.figures)))];
  const titles = measured.map(([run, index]) => {
    const { epoch } = run.evaluation;
    return element("span", {}, dot(index), run.name, epoch < run.epochs ? ` (epoch ${epoch} of ${run.epochs})` : "");
  });
  const text = (metric) => metric
    && [numberText(metric.mean ?? metric), shortened(metric.deviation)].filter((part) => part !== "").join(" ± ");
  const rows = names.map((name) => [spelled(name),
    ...measured.map(([run]) => text(run.evaluation.figures[name]) ?? "")]);
  // A run without a key does not count as different: GANs have no likelihood.
  const differing = kBases.filter(([key]) => new Set(
    measured.map(([run]) => run.evaluation[key]).filter((value) => value !== undefined)).size > 1);
  return card(table(["metric", ...titles], rows), differing.length > 0
    ? warning(`The runs differ in ${differing.map(([, title]) => title).join(", ")}: `
      + "metrics that depend on it cannot be compared.") : null);
}

function evaluations() {
  const measured = runs.map((run, index) => [run, index]).filter(([run]) => isEvaluated(run));
  return measured.length === 0 ? null : element("div", { className: "stack" },
    measured.length > 1 ? comparison(measured) : null,
    ...measured.map(([run, index]) => evaluationCard(run, index)));
}
