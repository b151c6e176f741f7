// The programs under comparison, each as a decoding function: { latents, labels, inputs } of `batch` rows (`inputs`: the
// latents and the labels' one-hot vectors in one array) → images in a Float32Array on the host. They run in one
// page, one at a time.
import { openDevice } from "../e2e/open_device.mjs";
import createDecode from "../e2e/decode.mjs";
import { openDecoder } from "./tensorflow.mjs";

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
  const classes = model.decoder.classes ? program._malloc(4 * batch) : 0;
  return async ({ latents, labels }) => {
    program.HEAPU8.set(new Uint8Array(latents.buffer), place);
    if (classes) program.HEAPU8.set(new Uint8Array(labels.buffer), classes);
    const arrival = new Promise((done) => { program.onReadback = done; });
    check(program._decode_start(place, classes, batch));
    if (!onProcessor) await arrival;
    const bytes = check(program._decode_poll());
    const first = program._decode_images();
    return new Float32Array(program.HEAPU8.slice(first, first + bytes).buffer);
  };
};

function tensorflow(backend) {
  return async ({ decoder }, batch) => {
    await tf.setBackend(backend);
    const decode = openDecoder(decoder);
    return async ({ inputs }) => {
      if (tf.getBackend() !== backend) await tf.setBackend(backend);
      const images = tf.tidy(() => decode(tf.tensor2d(inputs, [batch, decoder.inputs])));
      const values = await images.data();
      images.dispose();
      return values;
    };
  };
}

function onnxruntime(provider) {
  return async (model, batch) => {
    const session = await ort.InferenceSession.create(model.onnx, { executionProviders: [provider] });
    const dims = [batch, model.decoder.inputs];
    return async ({ inputs }) => {
      const { images } = await session.run({ inputs: new ort.Tensor("float32", inputs, dims) });
      const values = await images.getData();
      images.dispose();
      return values;
    };
  };
}

export const sides = {
  wasm: {
    "Pumice": pumice(true),
    "TensorFlow.js": tensorflow("wasm"),
    "onnxruntime-web": onnxruntime("wasm"),
  },
  webgpu: {
    "Pumice": pumice(false),
    "TensorFlow.js": tensorflow("webgpu"),
    "onnxruntime-web": onnxruntime("webgpu"),
  },
};
