// The page's part of peers.mjs: opens all sides, warms them up, and runs them in turns.
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
  const layers = await (await fetch("/layers.json")).json();
  for (const layer of layers) {
    layer.weight = Float32Array.from(layer.weight);
    layer.bias = Float32Array.from(layer.bias);
  }
  return { layers, file: await bytes("/model.safetensors"), onnx: await bytes("/model.onnx") };
}

// Milliseconds per decode in a block of `count`.
async function block(decode, latents, count) {
  const start = performance.now();
  for (let i = 0; i < count; ++i) await decode(latents);
  return (performance.now() - start) / count;
}

// Compiles shaders, fills caches, and lets the JavaScript engine optimize.
async function warmUp(decode, latents) {
  const start = performance.now();
  for (let i = 0; i < 3 || (i < 50 && performance.now() - start < kWarmUp); ++i) await decode(latents);
}

const difference = (a, b) =>
  a.length === b.length ? a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) : Infinity;

// Resolves to [{ side, apart, milliseconds: one per round }], or { side, problem } if one cannot
// run.
window.compare = async ({ batch, rounds, blockMilliseconds, threads }) => {
  settings(threads);
  const model = await fetchModel();
  const latents = Float32Array.from({ length: batch * model.layers[0].in }, (_, i) => Math.sin(1 + i * i));
  const running = [], results = [];
  let expected;
  for (const [side, open] of Object.entries(sides)) {
    try {
      const decode = await open(model, batch);
      const images = Float32Array.from(await decode(latents));
      expected ??= images;
      const result = { side, apart: difference(images, expected), milliseconds: [] };
      await warmUp(decode, latents);
      const count = Math.max(1, Math.round(blockMilliseconds / await block(decode, latents, 3)));
      running.push({ decode, count, result });
      results.push(result);
    } catch (error) {
      results.push({ side, problem: error.message });
    }
  }
  for (let round = 0; round < rounds; ++round) {
    // Rotates the order in each round.
    for (let i = 0; i < running.length; ++i) {
      const { decode, count, result } = running[(round + i) % running.length];
      await pause(kSettle);
      result.milliseconds.push(await block(decode, latents, count));
    }
  }
  return results;
};
