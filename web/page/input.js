// Passes pointer, wheel and keyboard events of the canvas to the program. `wake` schedules frames.
export function listen(canvas, program, wake) {
  const on = (name, react, options) => canvas.addEventListener(name, (event) => {
    react(event);
    wake();
  }, options);
  const modifiers = (event) => program._page_modifiers(
    event.ctrlKey ? 1 : 0, event.shiftKey ? 1 : 0, event.altKey ? 1 : 0, event.metaKey ? 1 : 0);
  const move = (event) => program._page_pointer(
    event.offsetX, event.offsetY, event.pointerType === "touch" ? 1 : 0);
  const key = (event, down) => {
    if (event.isComposing) return;
    modifiers(event);
    program.ccall("page_key", null, ["string", "number"], [event.key, down ? 1 : 0]);
    // Leaves the browser its own shortcuts.
    if (!event.ctrlKey && !event.metaKey && !/^F\d/.test(event.key)) event.preventDefault();
  };

  canvas.focus();
  on("pointermove", move);
  on("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    canvas.focus();
    move(event);
    program._page_button(event.button, 1);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    on(name, (event) => program._page_button(Math.max(0, event.button), 0));
  }
  on("wheel", (event) => {
    event.preventDefault();
    program._page_wheel(event.deltaX, event.deltaY);
  }, { passive: false });
  on("keydown", (event) => key(event, true));
  on("keyup", (event) => key(event, false));
  on("focus", () => program._page_focus(1));
  on("blur", () => program._page_focus(0));  // releases keys whose release the page does not see
  on("contextmenu", (event) => event.preventDefault());
}
