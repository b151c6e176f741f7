// Passes pointer, wheel and keyboard events to the program, except those that a control of the
// mirror handles itself. `wake` schedules frames.
export function listen(canvas, program, mirror, wake) {
  const on = (name, react, options) => canvas.addEventListener(name, (event) => {
    react(event);
    wake();
  }, options);
  const modifiers = (event) => program._page_modifiers(
    event.ctrlKey ? 1 : 0, event.shiftKey ? 1 : 0, event.altKey ? 1 : 0, event.metaKey ? 1 : 0);
  const move = (event) => program._page_pointer(
    event.offsetX, event.offsetY, event.pointerType === "touch" ? 1 : 0);
  const key = (event, down) => {
    if (event.isComposing || down && mirror.uses(event)) return;
    modifiers(event);
    program.ccall("page_key", null, ["string", "number"], [event.key, down ? 1 : 0]);
    wake();
  };

  on("pointermove", move);
  on("pointerleave", (event) => {  // otherwise what it was over stays highlighted
    if (event.pointerType !== "touch") program._page_pointer(-1, -1, 0);
  });
  on("pointerdown", (event) => {
    if (event.ctrlKey && mirror.editAt(event.offsetX, event.offsetY)) return;
    canvas.setPointerCapture(event.pointerId);
    mirror.focusAt(event.offsetX, event.offsetY);
    move(event);
    program._page_button(event.button, 1);
  });
  canvas.addEventListener("mousedown", (event) => event.preventDefault());  // keeps the focus
  for (const name of ["pointerup", "pointercancel"]) {
    on(name, (event) => program._page_button(Math.max(0, event.button), 0));
  }
  on("wheel", (event) => {
    event.preventDefault();
    program._page_wheel(event.deltaX, event.deltaY);
  }, { passive: false });
  on("contextmenu", (event) => {  // also a long touch
    event.preventDefault();
    mirror.editAt(event.offsetX, event.offsetY);
  });
  addEventListener("keydown", (event) => key(event, true));
  addEventListener("keyup", (event) => key(event, false));
  addEventListener("focus", () => program._page_focus(1));
  addEventListener("blur", () => program._page_focus(0));  // releases keys whose release the page does not see
}
