// Dark or light: as in the system's settings, or as chosen here earlier.

const kKey = "pumice-theme";
const kChoices = ["system", "dark", "light"];

// Storage may be forbidden; the choice then lasts as long as the page.
function stored() {
  try {
    return Math.max(0, kChoices.indexOf(localStorage.getItem(kKey)));
  } catch {
    return 0;
  }
}

function store(choice) {
  try {
    localStorage.setItem(kKey, kChoices[choice]);
  } catch {}
}

// Calls `apply(isLight, choice)` now and on every change; `choice`: 0 system, 1 dark, 2 light.
// Returns the function that sets the choice.
export function followTheme(apply) {
  const system = matchMedia("(prefers-color-scheme: light)");
  let choice = stored();
  const update = () => {
    const isLight = choice === 0 ? system.matches : choice === 2;
    document.documentElement.dataset.theme = isLight ? "light" : "dark";
    apply(isLight, choice);
  };
  system.addEventListener("change", update);
  update();
  return (next) => {
    choice = next;
    store(choice);
    update();
  };
}
