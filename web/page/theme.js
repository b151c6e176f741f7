// Dark or light: as in the system's settings, or as chosen here earlier.
import { recall, remember } from "./memory.js";

const kKey = "pumice-theme";
const kChoices = ["system", "dark", "light"];

// Calls `apply(isLight, choice)` now and on every change; `choice`: 0 system, 1 dark, 2 light.
// Returns the function that sets the choice.
export function followTheme(apply) {
  const system = matchMedia("(prefers-color-scheme: light)");
  let choice = Math.max(0, kChoices.indexOf(recall(kKey)));
  const update = () => {
    const isLight = choice === 0 ? system.matches : choice === 2;
    document.documentElement.dataset.theme = isLight ? "light" : "dark";
    apply(isLight, choice);
  };
  system.addEventListener("change", update);
  update();
  return (next) => {
    choice = next;
    remember(kKey, kChoices[choice]);
    update();
  };
}
