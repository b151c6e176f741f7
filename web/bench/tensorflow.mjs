// A decoder (network.mjs) in TensorFlow.js: the backend keeps its own copy of the weights, in the layouts of
// TensorFlow's own layers.
const kFused = { none: "linear", relu: "relu", sigmoid: "sigmoid", leaky_relu: "leakyrelu" };
const kOthers = { tanh: tf.tanh, silu: (x) => tf.mul(x, tf.sigmoid(x)) };

const activate = (x, { activation, slope }) => {
  if (activation === "none") return x;
  if (activation === "leaky_relu") return tf.leakyRelu(x, slope);
  return (kOthers[activation] ?? tf[activation])(x);
};

// [out, in] → [in, out]
const transposed = ({ weight, in: inputs, out }) => tf.tidy(() => tf.transpose(tf.tensor2d(weight, [out, inputs])));

const open = {
  linear(layer) {
    const { activation, slope: leakyreluAlpha, in: inputs } = layer;
    const b = transposed(layer), own = tf.tensor1d(layer.bias);
    const fused = kFused[activation];
    return (x, bias = own) => {
      const y = tf.fused.matMul({ a: tf.reshape(x, [x.shape[0], inputs]), b, bias, activation: fused ?? "linear", leakyreluAlpha });
      return fused ? y : activate(y, layer);
    };
  },
  conv(layer) {
    const { weight, kernel, stride: strides, padding: pad, from, to, activation, slope: leakyreluAlpha } = layer;
    const filter = tf.tensor4d(weight, [kernel, kernel, from[2], to[2]]), bias = tf.tensor1d(layer.bias);
    const fused = kFused[activation];
    return (x) => {
      const y = tf.fused.conv2d({ x, filter, strides, pad, bias, activation: fused ?? "linear", leakyreluAlpha });
      return fused ? y : activate(y, layer);
    };
  },
  deconv(layer) {
    const { weight, kernel, stride, padding, from, to } = layer;
    const filter = tf.tensor4d(weight, [kernel, kernel, to[2], from[2]]), bias = tf.tensor1d(layer.bias);
    return (x) => activate(tf.add(tf.conv2dTranspose(x, filter, [x.shape[0], ...to], stride, padding), bias), layer);
  },
  reshape: ({ shape }) => (x) => tf.reshape(x, [x.shape[0], ...shape]),
  activation: (layer) => (x) => activate(x, layer),
  affine: ({ scale, shift }) => (x) => tf.add(tf.mul(x, scale), shift),
};

// Follows the velocity by the midpoint method.
function follow(flow, uses) {
  const biases = flow.evaluations.map(({ bias }) => tf.tensor1d(bias));
  const ofClasses = flow.classes ? transposed(flow.ofClasses) : null;
  return (inputs) => {
    const rows = inputs.shape[0];
    let x = flow.classes ? tf.slice(inputs, [0, 0], [rows, flow.pixels]) : inputs;
    const condition = ofClasses ? tf.matMul(tf.slice(inputs, [0, flow.pixels], [rows, flow.classes]), ofClasses) : null;
    let point = x;
    flow.evaluations.forEach(({ begins }, i) => {
      const [first, ...others] = uses;
      const velocity = others.reduce((a, use) => use(a), first(point, biases[i], condition));
      point = tf.add(x, tf.mul(velocity, begins ? flow.length / 2 : flow.length));
      if (!begins) x = point;
    });
    return tf.clipByValue(tf.add(tf.mul(x, 0.5), 0.5), 0, 1);
  };
}

// The first layer of a conditional velocity adds what comes from the classes before its activation.
function firstOfFlow(layer) {
  const b = transposed(layer);
  return (a, bias, condition) => {
    const y = tf.fused.matMul({ a, b, bias });
    return activate(condition ? tf.add(y, condition) : y, layer);
  };
}

// Resolves to a function of a tensor [batch, inputs].
export function openDecoder({ layers, flow }) {
  const [first, ...others] = layers;
  const uses = [flow ? firstOfFlow(first) : open[first.op](first), ...others.map((layer) => open[layer.op](layer))];
  return flow ? follow(flow, uses) : (x) => uses.reduce((a, use) => use(a), x);
}
