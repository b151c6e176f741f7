// A checkpoint's decoder as plain layers, in the form in which converters hand it to the peers: batch norms are
// folded into the layer before them, and what is constant is computed beforehand.
//
// decoderOf(file: Uint8Array) → { inputs, layers, flow }. `inputs`: the latent numbers, and one per class after them.
// A layer is one of these; images are [height, width, channels], weights and biases Float32Array:
//   { op: "linear", weight [out, in], bias [out], in, out, activation, slope }
//   { op: "conv" | "deconv", weight [kernel, kernel, in, out] | [kernel, kernel, out, in], bias [out], kernel,
//     stride, padding, from, to: the images' shapes, activation, slope }
//   { op: "reshape", shape }
//   { op: "activation", activation, slope }
//   { op: "affine", scale, shift }: numbers
// `flow` is null, or that of a rectified flow, whose `layers` are those of the velocity:
//   { pixels, classes, length: of a step, evaluations: [{ begins: whether a step begins, bias: the first layer's }] }

const kFlow = { steps: 20 };  // by the midpoint method: the engine's defaults

function reader(file) {
  const view = new DataView(file.buffer, file.byteOffset);
  const begin = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, begin)));
  const tensor = (name) => {
    if (!header[name]) return null;
    const [from, to] = header[name].data_offsets;
    return new Float32Array(file.slice(begin + from, begin + to).buffer);
  };
  return { tensor, has: (name) => name in header, network: JSON.parse(header.__metadata__.network) };
}

const product = (numbers) => numbers.reduce((a, b) => a * b, 1);

// [height, width, channels] after a convolution.
function outputOf({ type, kernel, stride = 1, padding = "same", out }, [height, width]) {
  const isSame = padding === "same";
  const edge = type === "conv2d"
    ? (size) => Math.ceil((isSame ? size : size - kernel + 1) / stride)
    : (size) => isSame ? size * stride : (size - 1) * stride + kernel;
  return [edge(height), edge(width), out];
}

const folded = {
  linear(layer, scale, bias) {
    layer.weight = layer.weight.map((value, i) => value * scale[Math.floor(i / layer.in) % scale.length]);
    layer.bias = bias;
  },
  conv(layer, scale, bias) {
    layer.weight = layer.weight.map((value, i) => value * scale[i % layer.to[2]]);
    layer.bias = bias;
  },
  deconv(layer, scale, bias) {
    layer.weight = layer.weight.map((value, i) => value * scale[Math.floor(i / layer.from[2]) % layer.to[2]]);
    layer.bias = bias;
  },
};

// Folds the batch norm `name` into the last layer with weights.
function foldNorm(layers, { activation = "none", slope = 0.2, epsilon = 1e-5 }, name, tensor) {
  const target = layers.findLast(({ op }) => op !== "reshape");
  if (!folded[target?.op] || target.activation !== "none") throw new Error(`${name}: expected a layer before it that it can be folded into`);
  const [scale, shift, mean, variance] = ["scale", "shift", "running_mean", "running_variance"].map((part) => tensor(`${name}.${part}`));
  const factor = scale.map((value, i) => value / Math.sqrt(variance[i] + epsilon));
  const bias = target.bias.map((value, i) => {
    const channel = i % factor.length;
    return (value - mean[channel]) * factor[channel] + shift[channel];
  });
  folded[target.op](target, factor, bias);
  Object.assign(target, { activation, slope });
}

function plainLayers(file, prefix, described, inputs) {
  const layers = [];
  let shape = [inputs];
  described.forEach((layer, i) => {
    const name = `${prefix}.${i}`, { type, activation = "none", slope = 0.2, out } = layer;
    const weights = { weight: file.tensor(`${name}.weight`), bias: file.tensor(`${name}.bias`) ?? new Float32Array(out ?? 0) };
    if (type === "linear") {
      layers.push({ op: "linear", ...weights, in: product(shape), out, activation, slope, from: shape });
      shape = [out];
    } else if (type === "conv2d" || type === "conv_transpose2d") {
      const { kernel, stride = 1, padding = "same" } = layer, to = outputOf(layer, shape);
      const op = type === "conv2d" ? "conv" : "deconv";
      layers.push({ op, ...weights, kernel, stride, padding, from: shape, to, activation, slope });
      shape = to;
    } else if (type === "reshape") {
      shape = layer.shape;
      layers.push({ op: "reshape", shape });
    } else if (type === "batch_norm") {
      foldNorm(layers, layer, name, file.tensor);
    } else if (type !== "dropout") {
      throw new Error(`expected no layer of type ${type} in a decoder`);
    }
  });
  return layers;
}

// Splits the first layer's weight, whose inputs are [pixels, sines of the time, classes], and adds what comes from the
// time to its bias: it is the same for all rows.
function flowOf(layers, { classes = 0, time_size: size, picture }) {
  const pixels = product(picture), [first] = layers, length = 1 / kFlow.steps, half = size / 2;
  const columns = (begin, count) => {
    const part = new Float32Array(first.out * count);
    for (let row = 0; row < first.out; ++row) part.set(first.weight.subarray(row * first.in + begin, row * first.in + begin + count), row * count);
    return part;
  };
  const times = columns(pixels, size);
  const biasAt = (time) => first.bias.map((value, row) => {
    for (let i = 0; i < half; ++i) {
      const angle = Math.PI * time * (i + 1);
      value += times[row * size + i] * Math.sin(angle) + times[row * size + half + i] * Math.cos(angle);
    }
    return value;
  });
  const evaluations = Array.from({ length: 2 * kFlow.steps }, (_, i) => ({ begins: i % 2 === 0, bias: biasAt(length * i / 2) }));
  const ofClasses = { weight: columns(pixels + size, classes), in: classes, out: first.out };
  Object.assign(first, { weight: columns(0, pixels), in: pixels });
  return { pixels, classes, length, evaluations, ofClasses };
}

export function decoderOf(bytes) {
  const file = reader(bytes), { network } = file;
  const { model, classes = 0 } = network;
  const part = { vae: "decoder", gan: "generator", flow: "velocity" }[model];
  if (!part) throw new Error(`expected a model that draws, got a ${model}`);
  const prefix = file.has(`average.${part}.0.weight`) || file.has(`average.${part}.1.weight`) ? `average.${part}` : part;
  const latents = model === "flow" ? product(network.picture) : network.latent_size;
  const layers = plainLayers(file, prefix, network[part], latents + classes + (network.time_size ?? 0));
  if (model === "vae" && (network.reconstruction ?? "bce") === "bce") layers.push({ op: "activation", activation: "sigmoid" });
  if (model === "gan" && network.range === "symmetric") layers.push({ op: "affine", scale: 0.5, shift: 0.5 });
  const flow = model === "flow" ? flowOf(layers, network) : null;
  // A sigmoid after a linear layer belongs to it.
  const last = layers.at(-2);
  if (layers.at(-1).op === "activation" && last.activation === "none") last.activation = layers.pop().activation;
  return { latents, classes, inputs: latents + classes, layers, flow };
}
