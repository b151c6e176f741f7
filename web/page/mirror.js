// What the program draws, as real controls laid invisibly over the canvas, for the keyboard, screen
// readers and soft keyboards. The mouse goes to the canvas, except in text fields.
import { moveInGroup, setTabStop } from "./mirror_groups.js";
import { editRange, makeElement, updateElement } from "./mirror_elements.js";

const kGroups = { tab: "tablist", option: "listbox", radio: "radiogroup" };
const kOwnKeys = new Set(["Tab", "Enter", " ", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight",
  "Home", "End", "PageUp", "PageDown"]);

const focus = (element) => element.focus({ preventScroll: true });

export class Mirror {
  #root = document.createElement("main");
  #list = document.createElement("div");
  #message = Object.assign(document.createElement("p"), { role: "status" });
  #twins = new Map();  // key → { line, control, element }
  #groups = new Map();
  #opener;  // the twin of the combo box that is open
  #fold;  // the element that has shown or hidden something last

  // `act(name, ...values)` calls the program's function with that name.
  constructor(act) {
    this.act = act;
    this.#root.id = "mirror";
    this.#root.tabIndex = -1;
    const title = Object.assign(document.createElement("h1"), { textContent: document.title });
    this.#root.append(title, this.#list, this.#message);
    document.body.append(this.#root);
    this.#root.addEventListener("focusin", ({ target }) => this.#reveal(target));
    this.#root.addEventListener("keydown", (event) => this.#onKey(event));
    addEventListener("keydown", () => this.#root.classList.remove("pointed"), true);
    this.#root.addEventListener("click", ({ target }) => {
      if (target.dataset.twin === "fold") this.#fold = target;
    });
  }

  // A line of JSON per control; see drawing/control.h.
  update(lines, message) {
    if (this.#message.textContent !== message) this.#message.textContent = message;
    const focused = this.#twinOf(document.activeElement);
    const twins = new Map();
    const counts = {};
    for (const line of lines.split("\n")) {
      if (line) this.#updateTwin(line, twins, counts);
    }
    const gone = [...this.#twins].filter(([key]) => !twins.has(key)).map(([, twin]) => twin);
    this.#twins = twins;
    const opener = this.#opener;
    const list = this.#arrange();
    for (const { element } of gone) element.remove();
    if (focused) this.#keepFocus(focused, opener);
    if (list && !opener && focused?.element === this.#opener?.element) {
      focus(list.querySelector("[aria-selected=true]") ?? list.firstChild);
    }
  }

  // A click focuses what it hits, as on any page, but only keys show the focus.
  focusAt(x, y) {
    this.#root.classList.add("pointed");
    focus(this.#hit(x, y)?.element ?? this.#root);
  }

  // Opens a field for typing the number of the range there; returns whether there is one.
  editAt(x, y) {
    const twin = this.#hit(x, y);
    if (twin?.control.role !== "range") return false;
    editRange(twin, this.act);
    return true;
  }

  // Whether the focused control uses this key itself.
  uses(event) {
    const { target, key } = event;
    return target.matches?.("input:not([type=range])") || (target.closest?.("#mirror") && kOwnKeys.has(key));
  }

  #updateTwin(line, twins, counts) {
    const control = JSON.parse(line);
    const name = `${control.role}:${control.id}`;
    const count = counts[name] = (counts[name] ?? 0) + 1;
    const key = `${name}:${count}`;
    const twin = this.#twins.get(key) ?? { element: makeElement(control, this.act) };
    if (twin.line !== line) updateElement(Object.assign(twin, { line, control }), this.act);
    twins.set(key, twin);
  }

  // Puts the elements into reading order, tabs and the like into groups. Returns the open list.
  #arrange() {
    const groups = new Map();  // key → { element, members }
    const order = [];
    let last;
    for (const [key, { control, element }] of this.#twins) {
      const role = kGroups[control.role];
      last = role && groupKey(control, key, last);
      if (role && !groups.has(last)) {
        const group = this.#groups.get(last) ?? { element: document.createElement("div") };
        Object.assign(group.element, { role, ariaLabel: this.#groupName(role) });
        groups.set(last, Object.assign(group, { members: [] }));
        order.push(group.element);
      }
      (groups.get(last)?.members ?? order).push(element);
    }
    this.#groups = groups;
    setOrder(this.#list, order);
    for (const { element, members } of groups.values()) {
      setOrder(element, members);
      setTabStop(element);
    }
    this.#coverFields();
    return this.#linkLists();
  }

  #groupName(role) {
    return { tablist: "tabs", listbox: this.#openCombo()?.control.name ?? "choices", radiogroup: "choices" }[role];
  }

  #openCombo() {
    return [...this.#twins.values()].find(({ control }) => control.role === "combo" && control.chosen);
  }

  // A list is that of the combo box before it.
  #linkLists() {
    const list = [...this.#groups.values()].map(({ element }) => element).find(({ role }) => role === "listbox");
    if (list) list.id = "list";
    const combo = this.#openCombo();
    for (const { control, element } of this.#twins.values()) {
      if (control.role !== "combo") continue;
      if (list && element === combo?.element) element.setAttribute("aria-controls", "list");
      else element.removeAttribute("aria-controls");
    }
    this.#opener = list ? combo : undefined;
    return list;
  }

  // Text fields take the mouse, unless another window covers them.
  #coverFields() {
    const top = Math.max(0, ...[...this.#twins.values()].map(({ control }) => control.layer ?? 0));
    for (const { control, element } of this.#twins.values()) {
      if (control.role === "field") element.classList.toggle("covered", (control.layer ?? 0) < top);
    }
  }

  // If the focused control has vanished, its successor at the same place takes over: a button whose
  // label has changed; after a list or a menu, what opened it.
  #keepFocus({ control, inner }, opener) {
    if (document.activeElement === inner) return;
    if (inner.isConnected) return focus(inner);
    const isThere = ({ control: other }) => other.role === control.role &&
      Math.abs(other.box[0] - control.box[0]) < 3 && Math.abs(other.box[1] - control.box[1]) < 3;
    const successor = control.role === "option" ? opener : [...this.#twins.values()].find(isThere);
    focus([successor?.element, this.#fold, this.#root].find((element) => element?.isConnected));
  }

  #twinOf(inner) {
    const element = inner?.closest?.("#mirror [data-twin]");
    const twin = element && [...this.#twins.values()].find((each) => each.element === element);
    return twin && { ...twin, inner };
  }

  #hit(x, y) {
    const covers = ({ control: { box: [left, top, width, height], role } }) => role !== "text" && role !== "heading" &&
      x >= left && y >= top && x < left + width && y < top + height;
    return [...this.#twins.values()].filter(covers)
      .reduce((best, twin) => ((twin.control.layer ?? 0) >= (best?.control.layer ?? 0) ? twin : best), undefined);
  }

  #reveal(target) {
    const control = this.#twinOf(target)?.control;
    if (control?.hidden && control.id) this.act("reveal", control.id);
  }

  #onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const twin = this.#twinOf(event.target);
    if (!twin) return;
    if (event.key === "Enter" && twin.control.role === "range") editRange(twin, this.act);
    if (moveInGroup(event, twin)) event.preventDefault();
  }
}

// Options and radio buttons in a row belong together; tabs in a line on the screen, because what the
// chosen one holds follows it.
function groupKey({ role, box }, key, last) {
  if (role === "tab") return `tab ${box[1]}`;
  return last?.startsWith(role) ? last : `${role} ${key}`;
}

// Moves as few elements as possible: moving one takes its focus away.
function setOrder(parent, children) {
  let at = parent.firstChild;
  for (const child of children) {
    if (child === at) at = at.nextSibling;
    else parent.insertBefore(child, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
