// The page's part of peers.mjs: opens all sides, warms them up, and runs them in turns.
import { decoderOf } from "./network.mjs";
import { sides } from "./sides.mjs";

const kWarmUp = 1000;  // ms
const kSettle = 30;  // ms: thread pools keep spinning for a while after their last task
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function settings(threads) {
  tf.wasm.setWasmPaths("/modules/@tensorflow/tfjs-backend-wasm/dist/");
  tf.wasm.setThreadsCount(threads);
  ort.env.wasm.wasmPaths = "/modules/onnxruntime-web/dist/";
  ort.env.wasm.numThreads = threads;
}

async function fetchModel() {
  const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const file = await bytes("/model.safetensors");
  return { file, decoder: decoderOf(file), onnx: await bytes("/model.onnx") };
}

// Latents, labels, and both as the peers take them.
function inputsOf({ latents: size, classes }, batch) {
  const latents = Float32Array.from({ length: batch * size }, (_, i) => 1.5 * Math.sin(1 + i * i));
  const labels = Uint32Array.from({ length: batch }, (_, row) => row % Math.max(classes, 1));
  const inputs = new Float32Array(batch * (size + classes));
  for (let row = 0; row < batch; ++row) {
    inputs.set(latents.subarray(row * size, (row + 1) * size), row * (size + classes));
    if (classes) inputs[row * (size + classes) + size + labels[row]] = 1;
  }
  return { latents, labels, inputs };
}

// Milliseconds per decode in a block of `count`.
async function block(decode, latents, count) {
  const start = performance.now();
  for (let i = 0; i < count; ++i) await decode(latents);
  return (performance.now() - start) / count;
}

// Compiles shaders, fills caches, and lets the JavaScript engine optimize. Resolves to the last decode's time.
async function warmUp(decode, latents) {
  const start = performance.now();
  let time;
  for (let i = 0; i < 1 || (i < 50 && performance.now() - start < kWarmUp); ++i) time = await block(decode, latents, 1);
  return time;
}

const difference = (a, b) =>
  a.length === b.length ? a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) : Infinity;

// Resolves to [{ side, apart, milliseconds: one per round }], or { side, problem } if one cannot
// run. `backend`: "wasm" or "webgpu".
window.compare = async ({ backend, batch, rounds, blockMilliseconds, threads }) => {
  settings(threads);
  const model = await fetchModel();
  const inputs = inputsOf(model.decoder, batch);
  const running = [], results = [];
  let expected;
  for (const [side, open] of Object.entries(sides[backend])) {
    try {
      const decode = await open(model, batch, threads);
      const images = Float32Array.from(await decode(inputs));
      expected ??= images;
      const result = { side, apart: difference(images, expected), milliseconds: [] };
      const count = Math.max(1, Math.round(blockMilliseconds / await warmUp(decode, inputs)));
      running.push({ decode, count, result });
      results.push(result);
    } catch (error) {
      results.push({ side, problem: error.message ?? String(error) });
    }
  }
  for (let round = 0; round < rounds; ++round) {
    // Rotates the order in each round.
    for (let i = 0; i < running.length; ++i) {
      const { decode, count, result } = running[(round + i) % running.length];
      await pause(kSettle);
      result.milliseconds.push(await block(decode, inputs, count));
    }
  }
  return results;
};
