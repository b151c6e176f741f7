// A checkpoint's decoder in the forms that the peers need: plain layers, and an ONNX file.
import { createRequire } from "node:module";
import { resolve } from "node:path";

// [{ weight: Float32Array [out, in], bias, in, out, activation }], where the last activation is "sigmoid".
export function decoderLayers(file) {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + length));
  const tensor = (name) => {
    const [begin, end] = header[name].data_offsets.map((offset) => 8 + length + offset);
    return new Float32Array(new Uint8Array(file.subarray(begin, end)).buffer);
  };
  const { decoder } = JSON.parse(header.__metadata__.network);
  return decoder.map(({ type, activation = "sigmoid" }, i) => {
    if (type !== "linear") throw new Error(`expected a decoder of linear layers, got ${type}`);
    const weight = `decoder.${i}.weight`, [out, inputs] = header[weight].shape;
    return { weight: tensor(weight), bias: tensor(`decoder.${i}.bias`), in: inputs, out, activation };
  });
}

const kNodes = { relu: "Relu", tanh: "Tanh", sigmoid: "Sigmoid" };

function nodesOf({ activation }, i, last) {
  return [
    {
      opType: "Gemm", input: [i ? `activated${i - 1}` : "latents", `weight${i}`, `bias${i}`], output: [`sums${i}`],
      attribute: [{ name: "transB", type: 2, i: 1 }],  // AttributeProto.INT
    },
    { opType: kNodes[activation], input: [`sums${i}`], output: [last ? "images" : `activated${i}`] },
  ];
}

// The bytes of an ONNX model, latents [batch, in] → images [batch, out]. `modules`: where onnx-proto is.
export function onnxModel(layers, modules) {
  const { onnx } = createRequire(resolve(modules, "package.json"))("onnx-proto");
  const kFloat = onnx.TensorProto.DataType.FLOAT;
  const constant = (name, values, dims) =>
    ({ name, dims, dataType: kFloat, rawData: new Uint8Array(values.buffer) });
  const value = (name, size) => ({
    name, type: { tensorType: { elemType: kFloat, shape: { dim: [{ dimParam: "batch" }, { dimValue: size }] } } },
  });
  const model = onnx.ModelProto.create({
    irVersion: 7,
    opsetImport: [{ domain: "", version: 13 }],
    graph: {
      name: "decoder",
      input: [value("latents", layers[0].in)],
      output: [value("images", layers.at(-1).out)],
      node: layers.flatMap((layer, i) => nodesOf(layer, i, i === layers.length - 1)),
      initializer: layers.flatMap(({ weight, bias, in: inputs, out }, i) =>
        [constant(`weight${i}`, weight, [out, inputs]), constant(`bias${i}`, bias, [out])]),
    },
  });
  return Buffer.from(onnx.ModelProto.encode(model).finish());
}
