// An ONNX file of a decoder (network.mjs), as an exporter would write it: images are [channels, height, width], and
// weights are permuted so that nothing is transposed but colours at the end.
import { createRequire } from "node:module";
import { resolve } from "node:path";

const kFloat = 1, kInt64 = 7;  // TensorProto.DataType
const kAttribute = { float: 1, int: 2, ints: 7 };  // AttributeProto.AttributeType

const int = (name, i) => ({ name, type: kAttribute.int, i });
const ints = (name, values) => ({ name, type: kAttribute.ints, ints: values });
const float = (name, f) => ({ name, type: kAttribute.float, f });

// Where number i of an image [height, width, channels] is in [channels, height, width].
function turned([height, width, channels], i) {
  const channel = i % channels, pixel = Math.floor(i / channels);
  return channel * height * width + pixel;
}

// to[place(i)] = from[i]
function permuted(from, place) {
  const to = new Float32Array(from.length);
  from.forEach((value, i) => { to[place(i)] = value; });
  return to;
}

// [kernel, kernel, a, b] → [b, a, kernel, kernel]
function kernelOf({ weight, kernel, from, to, op }) {
  const [a, b] = op === "conv" ? [from[2], to[2]] : [to[2], from[2]];
  return { dims: [b, a, kernel, kernel], values: permuted(weight, (i) => ((i % b) * a + Math.floor(i / b) % a) * kernel * kernel + Math.floor(i / (a * b))) };
}

// [before, after] of both axes, as TensorFlow pads.
function padsOf({ op, padding, kernel, stride, from, to }) {
  if (padding === "valid") return [0, 0, 0, 0];
  const [small, large] = op === "conv" ? [to, from] : [from, to];
  const all = [0, 1].map((axis) => Math.max((small[axis] - 1) * stride + kernel - large[axis], 0));
  const before = all.map((pad) => Math.floor(pad / 2));
  return [...before, ...all.map((pad, axis) => pad - before[axis])];
}

class Builder {
  nodes = [];
  constants = [];
  #count = 0;

  fresh() { return `x${this.#count++}`; }

  constant(values, dims, dataType = kFloat) {
    const name = this.fresh();
    this.constants.push({ name, dims, dataType, rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) });
    return name;
  }

  shape(dims) { return this.constant(BigInt64Array.from(dims, BigInt), [dims.length], kInt64); }
  number(value) { return this.constant(Float32Array.of(value), []); }

  add(opType, input, attribute = []) {
    const output = this.fresh();
    this.nodes.push({ opType, input, output: [output], attribute });
    return output;
  }

  activate(x, { activation, slope }) {
    const kNodes = { relu: "Relu", tanh: "Tanh", sigmoid: "Sigmoid" };
    if (activation === "none") return x;
    if (activation === "silu") return this.add("Mul", [x, this.add("Sigmoid", [x])]);
    if (activation === "leaky_relu") return this.add("LeakyRelu", [x], [float("alpha", slope)]);
    return this.add(kNodes[activation], [x]);
  }
}

// The layers' constants, made once; each use() adds nodes.
function prepared(builder, layers) {
  let image = null;  // [height, width, channels] of what the next layer gets, if it is one
  return layers.map((layer, i) => {
    if (layer.op === "linear") {
      const { in: inputs, out } = layer;
      let { weight, bias } = layer;
      if (image) weight = permuted(weight, (at) => at - at % inputs + turned(layer.from, at % inputs));
      const next = layers[i + 1], isImage = next?.op === "reshape" && next.shape.length === 3;
      if (isImage) {
        weight = permuted(weight, (at) => turned(next.shape, Math.floor(at / inputs)) * inputs + at % inputs);
        bias = permuted(bias, (at) => turned(next.shape, at));
      }
      const flattens = image !== null;
      image = null;
      const [w, b] = [builder.constant(weight, [out, inputs]), builder.constant(bias, [out])];
      return (x, otherBias = b) => builder.activate(builder.add("Gemm",
        [flattens ? builder.add("Flatten", [x]) : x, w, otherBias], [int("transB", 1)]), layer);
    }
    if (layer.op === "conv" || layer.op === "deconv") {
      image = layer.to;
      const { dims, values } = kernelOf(layer), { stride } = layer;
      const w = builder.constant(values, dims), b = builder.constant(layer.bias, [layer.to[2]]);
      const attributes = [ints("strides", [stride, stride]), ints("pads", padsOf(layer))];
      return (x) => builder.activate(builder.add(layer.op === "conv" ? "Conv" : "ConvTranspose", [x, w, b], attributes), layer);
    }
    if (layer.op === "reshape") {
      const [height, width, channels] = image = layer.shape;
      const shape = builder.shape([-1, channels, height, width]);
      return (x) => builder.add("Reshape", [x, shape]);
    }
    if (layer.op === "activation") return (x) => builder.activate(x, layer);
    const scale = builder.number(layer.scale), shift = builder.number(layer.shift);
    return (x) => builder.add("Add", [builder.add("Mul", [x, scale]), shift]);
  });
}

// Follows the velocity by the midpoint method.
function addFlow(builder, uses, { flow, layers }) {
  let x = "inputs", ofClasses;
  if (flow.classes) {
    const [zero, pixels, all, axis] = [[0], [flow.pixels], [flow.pixels + flow.classes], [1]].map((value) => builder.shape(value));
    const { weight, out, in: classes } = flow.ofClasses;
    x = builder.add("Slice", ["inputs", zero, pixels, axis]);
    ofClasses = builder.add("MatMul", [builder.add("Slice", ["inputs", pixels, all, axis]),
      builder.constant(permuted(weight, (i) => (i % classes) * out + Math.floor(i / classes)), [classes, out])]);
  }
  const whole = builder.number(flow.length), half = builder.number(flow.length / 2);
  let point = x;
  for (const { begins, bias } of flow.evaluations) {
    const own = builder.constant(bias, [layers[0].out]);
    const velocity = uses.reduce((a, use, i) => i ? use(a) : use(a, ofClasses ? builder.add("Add", [ofClasses, own]) : own), point);
    point = builder.add("Add", [x, builder.add("Mul", [velocity, begins ? half : whole])]);
    if (!begins) x = point;
  }
  const middle = builder.number(0.5);
  const images = builder.add("Add", [builder.add("Mul", [x, middle]), middle]);
  builder.add("Clip", [images, builder.number(0), builder.number(1)]);
}

// Adds nodes, of which the last one's output is the images.
function addDecoder(builder, decoder) {
  const uses = prepared(builder, decoder.layers);
  if (decoder.flow) return addFlow(builder, uses, decoder);
  const y = uses.reduce((x, use) => use(x), "inputs");
  const { to: image } = decoder.layers.findLast(({ weight }) => weight);
  if (image?.[2] > 1) builder.add("Transpose", [y], [ints("perm", [0, 2, 3, 1])]);
}

// The bytes of a model, inputs [batch, inputs] → images. `modules`: where onnx-proto is.
export function onnxModel(decoder, modules) {
  const { onnx } = createRequire(resolve(modules, "package.json"))("onnx-proto");
  const builder = new Builder();
  addDecoder(builder, decoder);
  builder.nodes.at(-1).output = ["images"];
  const value = (name, dims) => ({ name, type: { tensorType: { elemType: kFloat, shape: { dim: [{ dimParam: "batch" }, ...dims] } } } });
  const model = onnx.ModelProto.create({
    irVersion: 7,
    opsetImport: [{ domain: "", version: 13 }],
    graph: {
      name: "decoder",
      input: [value("inputs", [{ dimValue: decoder.inputs }])],
      output: [{ name: "images", type: { tensorType: { elemType: kFloat } } }],
      node: builder.nodes,
      initializer: builder.constants,
    },
  });
  return Buffer.from(onnx.ModelProto.encode(model).finish());
}
