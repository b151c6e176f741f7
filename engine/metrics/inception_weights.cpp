#include "engine/metrics/inception_weights.h"

#include <cmath>

namespace pumice::metrics {
namespace {

constexpr double kEpsilon = 0.001;  // for all batch norms, as trained in TensorFlow

/// [out, in, kh, kw], each output scaled, → the engine's layout [kh, kw, in, out].
std::vector<float> taps_first(const std::vector<float>& weight, const Shape& shape,
                              const std::vector<double>& scales) {
  const size_t taps = size_t{shape[0]} * shape[1], in = shape[2], out = shape[3];
  std::vector<float> result(weight.size());
  for (size_t tap = 0; tap < taps; ++tap) {
    for (size_t i = 0; i < in; ++i) {
      float* row = result.data() + (tap * in + i) * out;
      for (size_t o = 0; o < out; ++o) {
        row[o] = static_cast<float>(weight[(o * in + i) * taps + tap] * scales[o]);
      }
    }
  }
  return result;
}

}  // namespace

// scale·(w*x - mean)/sqrt(variance + ε) + shift, written as one convolution with a bias.
InceptionWeights::Buffers InceptionWeights::fold(const std::string& name, const Shape& shape) {
  const uint32_t out = shape[3];
  auto of_batch_norm = [&](const char* what) { return source_(name + ".bn." + what, {out}); };
  const std::vector<float> weight =
      source_(name + ".conv.weight", {out, shape[2], shape[0], shape[1]});
  const std::vector<float> scale = of_batch_norm("weight");
  const std::vector<float> shift = of_batch_norm("bias");
  const std::vector<float> mean = of_batch_norm("running_mean");
  const std::vector<float> variance = of_batch_norm("running_var");
  std::vector<double> scales(out);
  std::vector<float> bias(out);
  for (uint32_t o = 0; o < out; ++o) {
    scales[o] = scale[o] / std::sqrt(variance[o] + kEpsilon);
    bias[o] = static_cast<float>(shift[o] - mean[o] * scales[o]);
  }
  return upload(name, taps_first(weight, shape, scales), bias);
}

InceptionWeights::Buffers InceptionWeights::upload(const std::string& name,
                                                   const std::vector<float>& weight,
                                                   const std::vector<float>& bias) {
  Buffers buffers{.weight = device_.allocate(weight.size() * sizeof(float), name + ".weight"),
                  .bias = device_.allocate(bias.size() * sizeof(float), name + ".bias")};
  device_.write(*buffers.weight, std::as_bytes(std::span(weight)));
  device_.write(*buffers.bias, std::as_bytes(std::span(bias)));
  return buffers;
}

InceptionWeights::Pair InceptionWeights::convolution(Graph& graph, const std::string& name,
                                                     const Shape& shape) {
  Buffers& buffers = buffers_[name];
  if (!buffers.weight) buffers = fold(name, shape);
  return {graph.external(buffers.weight, shape, DType::kF32),
          graph.external(buffers.bias, {shape[3]}, DType::kF32)};
}

InceptionWeights::Pair InceptionWeights::linear(Graph& graph, const std::string& name, uint32_t in,
                                                uint32_t out) {
  const Shape shape{out, in};
  Buffers& buffers = buffers_[name];
  if (!buffers.weight) {
    buffers = upload(name, source_(name + ".weight", shape), source_(name + ".bias", {out}));
  }
  return {graph.external(buffers.weight, shape, DType::kF32),
          graph.external(buffers.bias, {out}, DType::kF32)};
}

}  // namespace pumice::metrics
