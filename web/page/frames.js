// Draws only when something happens: an idle page leaves the machine to the decoder.

// Dear ImGui's layout uses measurements of the previous frame, so changes take a few frames to
// settle.
const kFramesAfterChange = 3;

// `draw` returns the milliseconds until the next frame; negative if there is none.
// `note` receives for how many milliseconds the browser was busy after it. Where WebGL is software, that
// includes its drawing.
// Returns the function that requests frames.
export function drawOnDemand(draw, note) {
  let left = 0;
  let waits = false;
  let timer, drawn;
  const afterFrame = inTurns(() => note(performance.now() - drawn));

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
    drawn = performance.now();
    afterFrame();
    if (due === 0) left = kFramesAfterChange;  // input is pending, and it too takes a few frames to settle
    if (left > 0 || due === 0) request();
    else if (due > 0) timer = setTimeout(request, due);
  }

  return () => {
    left = kFramesAfterChange;
    request();
  };
}

// Returns the function that makes `work` run once in a task of its own, so that input and drawing come
// between.
export function inTurns(work) {
  const { port1, port2 } = new MessageChannel();
  let waits = false;
  port1.onmessage = () => {
    waits = false;
    work();
  };
  return () => {
    if (!waits) port2.postMessage("");
    waits = true;
  };
}
