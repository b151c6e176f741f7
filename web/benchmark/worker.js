// Runs the benchmark beside the page. Takes one message, { device, seconds, workload, browser, system, processor }, and
// answers with { begin: stage }, { note: text } and, at the end, { rows, markdown, json } or { problem }.
import createBenchmark from "./benchmark.js";
import { openDevice } from "./open_device.js";

const kNoPromises = "This browser cannot measure WebGPU: a program that waits for it needs WebAssembly's promises " +
  "(JSPI), as in Chrome and Edge since version 137. Choose the processor in the Device tab.";

// The processor never waits, so that it needs no promises, but the program asks for them when it starts.
function replacePromises() {
  WebAssembly.Suspending = function (imported) { return imported; };
  WebAssembly.promising = (exported) => async (...values) => exported(...values);
}

async function open(device) {
  if (device === "webgpu" && !WebAssembly.Suspending) throw new Error(kNoPromises);
  if (!WebAssembly.Suspending) replacePromises();
  return device === "webgpu" ? openDevice(navigator.gpu) : {};
}

const fail = (problem) => postMessage({ problem });

// Of the program, once it has waited.
addEventListener("unhandledrejection", ({ reason }) => fail(`The benchmark has stopped: ${reason?.message ?? reason}.`));

addEventListener("message", async ({ data: { device, seconds, workload, browser, system, processor } }) => {
  try {
    await createBenchmark({
      ...await open(device),
      arguments: [device, String(seconds), workload, browser, system, processor],
      benchmark: {
        begin: (begin) => postMessage({ begin }),
        note: (note) => postMessage({ note }),
        finish: (rows, markdown, json) => postMessage({ rows, markdown, json }),
        fail,
      },
      onAbort: (what) => fail(`The benchmark has stopped: ${what}.`),
    });
  } catch ({ message }) {
    fail(message);
  }
});
