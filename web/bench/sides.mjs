// The programs under comparison, each as a decoding function: { latents, labels, inputs } of `batch` rows (`inputs`: the
// latents and the labels' one-hot vectors in one array) → images in a Float32Array on the host. They run in one
// page, one at a time.
import { openDecoder as openPumice } from "../e2e/decoder.mjs";
import { openDecoder } from "./tensorflow.mjs";

const pumice = (count) => async ({ file, decoder }, batch, threads) => {
  const decode = await openPumice(count ?? threads, file, batch);
  return ({ latents, labels }) => decode(latents, decoder.classes ? labels : undefined);
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
    "Pumice": pumice(),
    "Pumice, one thread": pumice(1),
    "TensorFlow.js": tensorflow("wasm"),
    "onnxruntime-web": onnxruntime("wasm"),
  },
  webgpu: {
    "Pumice": pumice(0),
    "TensorFlow.js": tensorflow("webgpu"),
    "onnxruntime-web": onnxruntime("webgpu"),
  },
};
