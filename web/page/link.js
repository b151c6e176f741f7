// The part of the address after '#': "key=value&…" in the address, lines "key=value" in the
// program.

const kEvery = 500;  // ms: browsers limit how often the address may change
let wanted;
let timer;

function toHash(lines) {
  const parts = lines.trimEnd().split("\n").map((line) => {
    const middle = line.indexOf("=");
    const value = encodeURIComponent(line.slice(middle + 1));
    return `${line.slice(0, middle)}=${value.replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
  });
  return `#${parts.join("&")}`;
}

function publishNow() {
  clearTimeout(timer);
  timer = undefined;
  try {
    history.replaceState(null, "", toHash(wanted));
  } catch {}  // sandboxed frames have no history
}

export function publishLink(lines) {
  wanted = lines;
  timer ??= setTimeout(publishNow, kEvery);
}

export async function copyLink() {
  if (timer) publishNow();
  const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
  await copied.catch(() => {
    throw new Error("The browser does not let this page write to the clipboard. The address above, in the browser's bar, is the link.");
  });
}

const pairsOf = (hash) => new URLSearchParams(hash.slice(1).replaceAll("+", "%2B"));

// The name of the model in the page's address; empty if there is none.
export const linkedModel = () => pairsOf(location.hash).get("model") ?? "";

// Calls `restore` with the address's lines, now and whenever the user changes them.
export function watchLink(restore) {
  const read = (address) => {
    clearTimeout(timer);
    timer = undefined;
    const { hash } = new URL(address);
    if (hash.length < 2) return;
    restore([...pairsOf(hash)].map((pair) => pair.join("=")).join("\n"));
  };
  // Not location, which a pending publication may have replaced in the meantime.
  addEventListener("hashchange", (event) => read(event.newURL));
  read(location.href);
}
