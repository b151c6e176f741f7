// Draws when something happens, not all the time: a page at rest leaves the machine to the decoder.

// Dear ImGui lays out by what the last frame measured, so that a change takes a few to settle.
const kFramesAfterChange = 3;

// `draw` returns in how many milliseconds the next frame is due by itself; negative: not at all.
// Returns the function that asks for frames.
export function drawOnDemand(draw) {
  let left = 0;
  let waits = false;
  let timer;

  function request() {
    if (waits) return;
    waits = true;
    requestAnimationFrame(frame);
  }

  function frame() {
    waits = false;
    clearTimeout(timer);
    left = Math.max(0, left - 1);
    const due = draw();
    if (due === 0) left = kFramesAfterChange;  // there is input still: it too takes a few to settle
    if (left > 0 || due === 0) request();
    else if (due > 0) timer = setTimeout(request, due);
  }

  return () => {
    left = kFramesAfterChange;
    request();
  };
}
