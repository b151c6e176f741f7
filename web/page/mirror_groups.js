// Groups of controls: Tab reaches one of a group, arrows move between them.
const kItems = "[role=tab], [role=option], [role=radio], .cell";

const itemsOf = (group) => [...group.querySelectorAll(kItems)];

// The focused, otherwise the chosen, otherwise the first.
export function setTabStop(group) {
  const items = itemsOf(group);
  const stop = items.find((item) => item === document.activeElement) ??
    items.find((item) => item.ariaSelected === "true" || item.ariaChecked === "true") ??
    items.find((item) => item.tabIndex === 0) ?? items[0];
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}

// Handles a key in a group; returns whether it moved. Tabs and radio buttons are chosen as they are
// reached.
export function moveInGroup({ key, target }, { control }) {
  if (!target.matches(kItems)) return false;
  const items = itemsOf(target.closest("[role=tablist], [role=listbox], [role=radiogroup], [role=group]"));
  const at = items.indexOf(target);
  const columns = control.columns ?? 1;
  const next = {
    ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns,
    Home: 0, End: items.length - 1,
  }[key];
  if (next === undefined) return false;
  const item = items[next];
  if (!item) return true;
  item.focus({ preventScroll: true });
  for (const each of items) each.tabIndex = each === item ? 0 : -1;
  if (item.matches("[role=tab], [role=radio]")) item.click();
  return true;
}
