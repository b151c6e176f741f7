// Images: by epoch with a slider, and those drawn at the end.

function imageFigure({ src, width }, caption, kind = "pixels") {
  const image = element("img", { src, alt: caption, className: kind });
  image.style.width = `${kind === "pixels" ? 2 * width : width}px`;
  return element("figure", {}, element("figcaption", {}, caption), image);
}

// Images by epoch share a slider; each run shows its latest image up to that epoch.
const kSeries = [
  ["samples", "samples of the same noise"],
  ["reconstructions", "test images, each row above its reconstructions"],
];

function epochFigure(entries, caption) {
  const figure = imageFigure(entries[0], caption);
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

function epochImages() {
  const shows = [];
  const cards = runs.flatMap(({ pictures: images }, run) => {
    const figures = kSeries.filter(([name]) => images[name]?.length > 0).map(([name, caption]) => {
      const { figure, show } = epochFigure(images[name], caption);
      shows.push(show);
      return figure;
    });
    if (figures.length === 0) return [];
    return isSeveral ? [card(runTitle(run), ...figures)] : figures.map((figure) => card(figure));
  });
  if (cards.length === 0) return [];
  const epochs = [...new Set(runs.flatMap(({ pictures: images }) =>
    kSeries.flatMap(([name]) => (images[name] ?? []).map(({ epoch }) => epoch))))].sort((a, b) => a - b);
  const show = (epoch) => shows.forEach((each) => each(epoch));
  return [player(epochs, show), grid(...cards)];
}

const kSamples = [
  ["samples_within_first_epoch", "pixels", ({ steps }) =>
    `samples${steps > 0 ? ` after step ${steps}` : ""}, within the first epoch`],
];

const planeText = ({ latent_size: size }) => (size === 2 ? "encoded test images"
  : "encoded test images, in the plane of their first two principal components");

const kLatentSpace = [
  ["interpolation", "pixels", () => "from a sample to another, ten steps"],
  ["passes", "pixels", () => "samples from noise to image, step by step"],
  ["scatter", "points", planeText],
  ["latents", "drawing", planeText],
  ["manifold", "pixels", () => "the decoded plane of latents, in equal steps of probability"],
  ["neighbours", "pixels", () => "samples and their nearest training images"],
];

function stillFigure(run, [name, kind, caption]) {
  const content = run.pictures[name];
  return kind === "points" ? scatterFigure(content, caption(run)) : imageFigure(content, caption(run), kind);
}

function stills(kinds) {
  const cards = runs.flatMap((run, index) => {
    const figures = kinds.filter(([name]) => run.pictures[name])
      .map((kind) => stillFigure(run, kind));
    if (figures.length === 0) return [];
    return isSeveral ? [card(runTitle(index), ...figures)] : figures.map((figure) => card(figure));
  });
  return cards.length > 0 ? grid(...cards) : null;
}
