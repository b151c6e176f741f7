// What the user has chosen on an earlier visit. Storage may be forbidden; choices then last as long as
// the page.
export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {}
}
