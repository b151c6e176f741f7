// The HTML elements of the mirror's controls. A control has what drawing/control.h sends of it.
const kTags = { text: "p", heading: "h2", range: "input", field: "input", image: "div", images: "div", plane: "div" };
const kRoles = { checkbox: "checkbox", radio: "radio", tab: "tab", combo: "combobox", option: "option", image: "img", images: "group", plane: "slider" };
const kSelected = new Set(["tab", "option"]);
const kArrows = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const kLargeStep = 10;  // of Page Up and Page Down, in steps

const set = (element, name, value) => {
  if (value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
};

function place(element, [left, top, width, height]) {
  Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${Math.max(1, height)}px` });
}

// `act`: see Mirror.
export function makeElement({ role, id }, act) {
  const element = document.createElement(kTags[role] ?? "button");
  element.dataset.twin = role;
  if (kRoles[role]) set(element, "role", kRoles[role]);
  if (role === "range") makeRange(element, id, act);
  if (role === "field") makeField(element, id, act);
  if (role === "plane") makePlane(element, id, act);
  if (element.tagName === "BUTTON") element.addEventListener("click", () => act("press", id));
  return element;
}

export function updateElement({ element, control }, act) {
  const { role, name, text, box, chosen, choosable, disabled } = control;
  place(element, box);
  const state = String(Boolean(chosen));
  if (role === "text" || role === "heading") return void (element.textContent = name);
  set(element, "aria-label", name);
  if ("disabled" in element) element.disabled = Boolean(disabled);
  if (kSelected.has(role)) set(element, "aria-selected", state);
  if (role === "checkbox" || role === "radio") set(element, "aria-checked", state);
  if (role === "button" && choosable) set(element, "aria-pressed", state);
  if (role === "fold") set(element, "aria-expanded", state);
  if (role === "combo") updateCombo(element, text, state);
  if (role === "range") updateRange(element, control);
  if (role === "plane") set(element, "aria-valuetext", text);
  if (role === "field" && document.activeElement !== element) element.value = text ?? "";
  if (role === "images") updateCells(element, control, act);
}

function updateCombo(element, text, state) {
  element.textContent = text ?? "";
  set(element, "aria-haspopup", "listbox");
  set(element, "aria-expanded", state);
}

// Any number, because browsers would round to steps what the program has.
function makeRange(element, id, act) {
  Object.assign(element, { type: "range", step: "any" });
  element.addEventListener("input", () => act("set", id, Number(element.value)));
  element.addEventListener("keydown", (event) => {
    const { min, max, value, dataset: { step } } = element;
    const next = {
      ArrowRight: +value + +step, ArrowUp: +value + +step, ArrowLeft: value - step, ArrowDown: value - step,
      PageUp: +value + kLargeStep * step, PageDown: value - kLargeStep * step, Home: +min, End: +max,
    }[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    element.value = Math.min(max, Math.max(min, Math.round(next / step * 1e6) / 1e6 * step));
    act("set", id, Number(element.value));
  });
}

function updateRange(element, { least, most, value, step, text }) {
  Object.assign(element, { min: least, max: most, value });
  element.dataset.step = step;
  set(element, "aria-valuetext", text);
}

// A slider of two dimensions: its value is only in words.
function makePlane(element, id, act) {
  element.tabIndex = 0;
  set(element, "aria-valuenow", 0);
  element.addEventListener("keydown", (event) => {
    const arrow = kArrows.indexOf(event.key);
    if (arrow < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act("press_image", id, arrow);
  });
}

function makeField(element, id, act) {
  Object.assign(element, { type: "text", autocomplete: "off", spellcheck: false });
  element.addEventListener("input", () => act("type", id, element.value));
  element.addEventListener("keydown", ({ key }) => {
    if (key === "Enter" || key === "Escape") element.blur();
  });
}

// One button per image, in the group's box.
function updateCells(element, { id, name, text, count, columns, cellWidth, cellHeight }, act) {
  while (element.children.length > count) element.lastChild.remove();
  while (element.children.length < count) {
    const index = element.children.length;
    const cell = Object.assign(document.createElement("button"), { className: "cell", tabIndex: index === 0 ? 0 : -1 });
    cell.addEventListener("click", () => act("press_image", id, index));
    element.append(cell);
  }
  [...element.children].forEach((cell, i) => {
    set(cell, "aria-label", `${name} ${i + 1} of ${count}${text ? `, ${text}` : ""}`);
    place(cell, [i % columns * cellWidth, Math.floor(i / columns) * cellHeight, cellWidth, cellHeight]);
  });
}

// A field over a range, for typing its number.
export function editRange({ element, control: { id, name, box, text } }, act) {
  const field = Object.assign(document.createElement("input"), { type: "text", inputMode: "decimal", value: parseFloat(text) });
  set(field, "aria-label", name);
  place(field, box);
  field.className = "number";
  const close = (isWanted) => {
    const value = Number(field.value.replace(",", "."));
    if (isWanted && field.value.trim() && Number.isFinite(value)) act("set", id, value);
    field.replaceWith();
  };
  field.addEventListener("blur", () => field.isConnected && close(true));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Escape") {
      const isWanted = event.key === "Enter";
      if (!isWanted) field.value = "";
      element.focus({ preventScroll: true });  // the field's blur closes it
    }
    event.stopPropagation();
  });
  element.closest("main").append(field);
  field.select();
}
