// The encoded test images as points: hover shows them, drag zooms, a click on a class hides it.

const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;
const classColor = (label) => classColors[isDark() ? "dark" : "light"][label % 10];

const kReach = 14;  // CSS pixels from the pointer to the point that it means

class Scatter {
  #canvas = element("canvas", { className: "scatter" });
  #tip = element("div", { className: "tip", hidden: true });
  #points;
  #hidden = new Set();  // labels
  #view;                // { left, bottom, size } in the units of the plane
  #from = null;         // where a drag began, in pixels
  #to = null;
  #chosen = -1;

  constructor(points, caption) {
    this.#points = points;
    this.#reset();
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", `${caption}: ${points.x.length} points`);
    this.#listen();
  }

  figure(caption) {
    const place = element("div", { className: "scatter-place" }, this.#canvas, this.#tip);
    return element("figure", {}, element("figcaption", {}, caption), place, this.#legend(),
      element("p", { className: "quiet" }, "Drag to zoom, double-click to reset",
        this.#labels().length > 1 ? "; click a class to hide it." : ".",
        this.#hasAllImages() ? "" : ` The first ${this.#points.thumbnails.count} show their images.`));
  }

  #labels = () => [...new Set(this.#points.labels ?? [])].sort((a, b) => a - b);
  #hasAllImages = () => !this.#points.thumbnails || this.#points.thumbnails.count >= this.#points.x.length;
  #name = (label) => this.#points.class_names?.[label] || `${label}`;

  #legend() {
    const row = element("div", { className: "classes" });
    for (const label of this.#labels()) {
      const dot = element("span", { className: "dot" });
      dot.style.background = classColor(label);
      const button = element("button", { type: "button", className: "class" }, dot, this.#name(label));
      button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", () => {
        if (!this.#hidden.delete(label)) this.#hidden.add(label);
        button.setAttribute("aria-pressed", `${!this.#hidden.has(label)}`);
        this.draw();
      });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { dot.style.background = classColor(label); });
      row.append(button);
    }
    return row;
  }

  #reset() {
    const { reach } = this.#points;
    this.#view = { left: -reach, bottom: -reach, size: 2 * reach };
  }

  #listen() {
    const canvas = this.#canvas;
    const at = ({ offsetX, offsetY }) => [offsetX, offsetY];
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse") canvas.setPointerCapture(event.pointerId);
      this.#from = event.pointerType === "mouse" ? at(event) : null;
      this.#point(at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      this.#to = this.#from && at(event);
      this.#point(this.#from ? null : at(event));
    });
    canvas.addEventListener("pointerup", () => this.#zoom());
    canvas.addEventListener("pointerleave", () => this.#point(null));
    canvas.addEventListener("dblclick", () => { this.#reset(); this.draw(); });
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  // To the smallest square around what was dragged over.
  #zoom() {
    const [from, to] = [this.#from, this.#to];
    this.#from = this.#to = null;
    const side = this.#side();
    const size = from && to ? Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])) : 0;
    if (size > 8) {
      const unit = this.#view.size / side;
      const [x, y] = [0, 1].map((axis) => (from[axis] + to[axis] - size) / 2);
      this.#view = { left: this.#view.left + x * unit, bottom: this.#view.bottom + (side - y - size) * unit, size: size * unit };
    }
    this.draw();
  }

  #side = () => this.#canvas.clientWidth;
  #isShown = (point) => !this.#hidden.has(this.#points.labels?.[point]);

  #place(point) {
    const { left, bottom, size } = this.#view, side = this.#side();
    return [(this.#points.x[point] / 1000 - left) / size * side, side - (this.#points.y[point] / 1000 - bottom) / size * side];
  }

  // Those with an image are preferred to closer ones without.
  #nearest([x, y]) {
    let best = -1, least = kReach ** 2;
    const count = this.#points.thumbnails?.count ?? 0;
    for (let point = 0; point < this.#points.x.length; ++point) {
      if (!this.#isShown(point) || (point >= count && best >= 0 && best < count)) continue;
      const [left, top] = this.#place(point);
      const distance = (left - x) ** 2 + (top - y) ** 2;
      if (distance < least) [best, least] = [point, distance];
    }
    return best;
  }

  #point(place) {
    this.#chosen = place ? this.#nearest(place) : -1;
    this.#tip.hidden = this.#chosen < 0;
    if (this.#chosen >= 0) this.#showTip();
    this.draw();
  }

  #showTip() {
    const point = this.#chosen, { x, y, labels, thumbnails } = this.#points;
    const parts = [];
    if (point < (thumbnails?.count ?? 0)) parts.push(this.#thumbnail(point));
    if (labels) parts.push(element("b", {}, this.#name(labels[point])));
    parts.push(element("span", { className: "quiet" }, `${numberText(x[point] / 1000)}, ${numberText(y[point] / 1000)}`));
    this.#tip.replaceChildren(...parts);
    const [left, top] = this.#place(point), side = this.#side();
    this.#tip.style.cssText = (left < side / 2 ? `left: ${left + 12}px;` : `right: ${side - left + 12}px;`) +
      (top < side / 2 ? `top: ${top + 8}px` : `bottom: ${side - top + 8}px`);
  }

  #thumbnail(point) {
    const { src, width, height, columns } = this.#points.thumbnails;
    const scale = Math.max(1, Math.round(84 / width));
    const all = element("img", { src, alt: "", className: "pixels" });
    all.style.cssText = `width: ${columns * width * scale}px; ` +
      `margin: ${-Math.floor(point / columns) * height * scale}px 0 0 ${-(point % columns) * width * scale}px`;
    const frame = element("div", { className: "thumbnail" }, all);
    frame.style.cssText = `width: ${width * scale}px; height: ${height * scale}px`;
    return frame;
  }

  draw() {
    const side = this.#side();
    if (!side) return;
    this.#canvas.width = this.#canvas.height = Math.round(side * devicePixelRatio);
    const context = this.#canvas.getContext("2d");
    context.scale(devicePixelRatio, devicePixelRatio);
    this.#drawGrid(context, side);
    this.#drawPoints(context, side);
    if (this.#from && this.#to) this.#drawDrag(context);
  }

  #drawGrid(context, side) {
    const { left, bottom, size } = this.#view;
    context.font = "12px system-ui, sans-serif";
    context.strokeStyle = styleOf("--line");
    context.fillStyle = styleOf("--quiet");
    const line = (...ends) => {
      context.beginPath();
      context.moveTo(ends[0], ends[1]);
      context.lineTo(ends[2], ends[3]);
      context.stroke();
    };
    for (const tick of evenTicks(left, left + size, 5)) {
      const x = (tick - left) / size * side;
      line(x, 0, x, side);
      context.fillText(numberText(tick), x + 4, side - 5);
    }
    for (const tick of evenTicks(bottom, bottom + size, 5)) {
      const y = side - (tick - bottom) / size * side;
      line(0, y, side, y);
      context.fillText(numberText(tick), 4, y - 4);
    }
  }

  #drawPoints(context, side) {
    const { x, labels } = this.#points;
    const radius = this.#view.size < this.#points.reach ? 2.6 : 1.8;
    for (const label of labels ? this.#labels() : [0]) {
      context.fillStyle = classColor(label);
      context.beginPath();
      for (let point = 0; point < x.length; ++point) {
        if ((labels?.[point] ?? 0) !== label || !this.#isShown(point)) continue;
        const [left, top] = this.#place(point);
        if (left < 0 || left > side || top < 0 || top > side) continue;
        context.moveTo(left + radius, top);
        context.arc(left, top, radius, 0, 2 * Math.PI);
      }
      context.fill();
    }
    if (this.#chosen < 0) return;
    context.strokeStyle = styleOf("--ink");
    context.lineWidth = 2;
    context.beginPath();
    context.arc(...this.#place(this.#chosen), 6, 0, 2 * Math.PI);
    context.stroke();
  }

  #drawDrag(context) {
    const [[left, top], [right, bottom]] = [this.#from, this.#to];
    context.strokeStyle = styleOf("--accent");
    context.strokeRect(left, top, right - left, bottom - top);
  }
}

const scatterFigure = (points, caption) => new Scatter(points, caption).figure(caption);
