// Hands pointer, wheel and keyboard events of the canvas to the program.
export function listen(canvas, program) {
  const modifiers = (event) => program._page_modifiers(
    event.ctrlKey ? 1 : 0, event.shiftKey ? 1 : 0, event.altKey ? 1 : 0, event.metaKey ? 1 : 0);
  const move = (event) => program._page_pointer(
    event.offsetX, event.offsetY, event.pointerType === "touch" ? 1 : 0);
  const key = (event, down) => {
    if (event.isComposing) return;
    modifiers(event);
    program.ccall("page_key", null, ["string", "number"], [event.key, down ? 1 : 0]);
    // The browser keeps its own shortcuts.
    if (!event.ctrlKey && !event.metaKey && !/^F\d/.test(event.key)) event.preventDefault();
  };

  canvas.focus();
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    canvas.focus();
    move(event);
    program._page_button(event.button, 1);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, (event) => program._page_button(Math.max(0, event.button), 0));
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    program._page_wheel(event.deltaX, event.deltaY);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => key(event, true));
  canvas.addEventListener("keyup", (event) => key(event, false));
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
}
