#include "engine/nn/network.h"

#include <array>
#include <utility>

#include "engine/base/require.h"
#include "engine/nn/linear.h"

namespace pumice::nn {
namespace {

constexpr std::array<std::pair<std::string_view, ops::Activation>, 6> kActivations{{
    {"none", ops::Activation::kNone},
    {"relu", ops::Activation::kRelu},
    {"leaky_relu", ops::Activation::kLeakyRelu},
    {"tanh", ops::Activation::kTanh},
    {"sigmoid", ops::Activation::kSigmoid},
    {"softplus", ops::Activation::kSoftplus},
}};

/// A layer ready to run, and the shape of one example that it gives.
struct Built {
  std::function<Tensor(const Tensor&)> run;
  Shape output;
};

Built build_linear(Parameters& parameters, const std::string& name, const Shape& input,
                   const Layer& layer) {
  require(layer.out > 0, "{}: expects 'out' of at least 1, got {}", name, layer.out);
  auto in = static_cast<uint32_t>(input.size());
  Linear linear(parameters, name, in, layer.out, activation_by_name(layer.activation));
  auto run = [linear, in](const Tensor& x) {
    return linear(ops::reshape(x, {x.shape()[0], in}));  // pictures are flattened
  };
  return {run, {layer.out}};
}

Built build(Parameters& parameters, const std::string& name, const Shape& input,
            const Layer& layer) {
  if (layer.type == "linear") return build_linear(parameters, name, input, layer);
  fail("{}: expects a layer type among linear, got '{}'", name, layer.type);
}

}  // namespace

ops::Activation activation_by_name(std::string_view name) {
  std::string known;
  for (const auto& [word, activation] : kActivations) {
    if (word == name) return activation;
    known += known.empty() ? std::string(word) : ", " + std::string(word);
  }
  fail("activation: expects one of {}, got '{}'", known, name);
}

Network::Network(Parameters& parameters, const std::string& name, const Shape& input,
                 const std::vector<Layer>& layers)
    : name_(name), input_(input) {
  for (size_t i = 0; i < layers.size(); ++i) {
    uint64_t before = parameters.count();
    Built built = build(parameters, fmt::format("{}.{}", name, i), output(), layers[i]);
    layers_.push_back(std::move(built.run));
    rows_.push_back({layers[i], built.output, parameters.count() - before});
  }
}

Tensor Network::operator()(const Tensor& x) const {
  Tensor y = x;
  for (size_t i = 0; i < layers_.size(); ++i) {
    Scope scope(x.graph(), fmt::format("{}.{}", name_, i));
    y = layers_[i](y);
  }
  return y;
}

}  // namespace pumice::nn
