// The programs under comparison, each as a decoding function: latents of `batch` rows in a
// Float32Array → images in a Float32Array on the host. They run in one page, one at a time.
import { openDevice } from "../e2e/open_device.mjs";
import createDecode from "../e2e/decode.mjs";

const pumice = (onProcessor) => async (model, batch) => {
  const program = await createDecode(onProcessor ? {} : await openDevice(navigator.gpu));
  const check = (result) => {
    if (result < 0) throw new Error(program.UTF8ToString(program._decode_error()));
    return result;
  };
  const file = program._malloc(model.file.length);
  program.HEAPU8.set(model.file, file);
  const size = check(program._decode_open(file, model.file.length, batch, onProcessor ? 1 : 0));
  program._free(file);
  const place = program._malloc(4 * batch * size);
  return async (latents) => {
    program.HEAPU8.set(new Uint8Array(latents.buffer), place);
    const arrival = new Promise((done) => { program.onReadback = done; });
    check(program._decode_start(place, batch));
    if (!onProcessor) await arrival;
    const bytes = check(program._decode_poll());
    const first = program._decode_images();
    return new Float32Array(program.HEAPU8.slice(first, first + bytes).buffer);
  };
};

// Each backend keeps its own copy of the weights, [in, out] as in TensorFlow's dense layers.
function tensorflow(backend) {
  return async (model, batch) => {
    await tf.setBackend(backend);
    const layers = model.layers.map(({ weight, bias, in: inputs, out, activation }) => ({
      b: tf.tidy(() => tf.transpose(tf.tensor2d(weight, [out, inputs]))), bias: tf.tensor1d(bias), activation,
    }));
    const size = model.layers[0].in;
    return async (latents) => {
      if (tf.getBackend() !== backend) await tf.setBackend(backend);
      const images = tf.tidy(() =>
        layers.reduce((a, layer) => tf.fused.matMul({ a, ...layer }), tf.tensor2d(latents, [batch, size])));
      const values = await images.data();
      images.dispose();
      return values;
    };
  };
}

function onnxruntime(provider) {
  return async (model, batch) => {
    const session = await ort.InferenceSession.create(model.onnx, { executionProviders: [provider] });
    const dims = [batch, model.layers[0].in];
    return async (latents) => {
      const { images } = await session.run({ latents: new ort.Tensor("float32", latents, dims) });
      const values = await images.getData();
      images.dispose();
      return values;
    };
  };
}

export const sides = {
  "Pumice (WebGPU)": pumice(false),
  "Pumice (WASM)": pumice(true),
  "TensorFlow.js (WebGPU)": tensorflow("webgpu"),
  "TensorFlow.js (WASM)": tensorflow("wasm"),
  "onnxruntime-web (WebGPU)": onnxruntime("webgpu"),
  "onnxruntime-web (WASM)": onnxruntime("wasm"),
};
