// The page's part of peers.mjs: opens all sides, warms them up, and lets them decode in turns.
import { sides } from "./sides.mjs";

const kSettle = 30;  // ms: thread pools spin for a while after their last work
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

// Milliseconds for one decode in a block of `count`.
async function block(decode, latents, count) {
  const start = performance.now();
  for (let i = 0; i < count; ++i) await decode(latents);
  return (performance.now() - start) / count;
}

const difference = (a, b) =>
  a.length === b.length ? a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) : Infinity;

// Resolves to [{ side, apart, milliseconds: one per round }], or { side, problem } where one cannot run.
window.compare = async ({ batch, rounds, warmUp, blockMilliseconds, threads }) => {
  settings(threads);
  const model = await fetchModel();
  const latents = Float32Array.from({ length: batch * model.layers[0].in }, (_, i) => Math.sin(1 + i * i));
  const running = [], results = [];
  let expected;
  for (const [side, open] of Object.entries(sides)) {
    try {
      const decode = await open(model, batch);
      const pictures = Float32Array.from(await decode(latents));
      expected ??= pictures;
      const result = { side, apart: difference(pictures, expected), milliseconds: [] };
      await block(decode, latents, warmUp);
      const count = Math.max(1, Math.round(blockMilliseconds / await block(decode, latents, warmUp)));
      running.push({ decode, count, result });
      results.push(result);
    } catch (error) {
      results.push({ side, problem: error.message });
    }
  }
  for (let round = 0; round < rounds; ++round) {
    // Another one begins each round, so that none has always the same one before it.
    for (let i = 0; i < running.length; ++i) {
      const { decode, count, result } = running[(round + i) % running.length];
      await pause(kSettle);
      result.milliseconds.push(await block(decode, latents, count));
    }
  }
  return results;
};
