#include "engine/nn/layer.h"

#include <array>
#include <utility>

#include "engine/base/require.h"

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

void describe_activation(LayerFields& fields, Layer& layer) {
  fields.choice("activation", layer.activation,
                {"none", "relu", "leaky_relu", "tanh", "sigmoid", "softplus"});
  if (layer.activation == "leaky_relu") fields.number("slope", layer.slope, kNotNegative);
}

void describe_convolution(LayerFields& fields, Layer& layer) {
  fields.whole("kernel", layer.kernel, 1);
  fields.whole("stride", layer.stride, 1);
  fields.choice("padding", layer.padding, {"same", "valid"});
}

void describe_affine(LayerFields& fields, Layer& layer) {
  const bool is_linear = layer.type == "linear";
  fields.whole("out", layer.out, 1);
  if (!is_linear) describe_convolution(fields, layer);
  describe_activation(fields, layer);
  fields.flag("bias", layer.bias);
  // The kernel of a transposed convolution lies the other way round, as that matrix does not.
  if (layer.type != "conv_transpose2d") fields.flag("spectral_norm", layer.spectral_norm);
}

void describe_normalisation(LayerFields& fields, Layer& layer) {
  describe_activation(fields, layer);
  fields.number("epsilon", layer.epsilon, kPositive);
  if (layer.type == "batch_norm") fields.number("momentum", layer.momentum, kShare);
}

void describe_pooling(LayerFields& fields, Layer& layer) {
  fields.whole("size", layer.size, 1);
  fields.whole("stride", layer.stride, 1);
}

}  // namespace

void describe(LayerFields& fields, Layer& layer) {
  fields.choice("type", layer.type,
                {"linear", "conv2d", "conv_transpose2d", "batch_norm", "layer_norm", "dropout",
                 "activation", "lstm", "reshape", "max_pool2d", "average_pool2d",
                 "global_average_pool2d", "upsample2d", "residual"});
  const std::string& type = layer.type;
  if (type == "linear" || type == "conv2d" || type == "conv_transpose2d") {
    describe_affine(fields, layer);
  } else if (type == "batch_norm" || type == "layer_norm") {
    describe_normalisation(fields, layer);
  } else if (type == "dropout") {
    fields.number("rate", layer.rate, kBelowOne);
  } else if (type == "activation") {
    describe_activation(fields, layer);
  } else if (type == "lstm") {
    fields.whole("out", layer.out, 1);
    fields.flag("sequence", layer.sequence);
  } else if (type == "reshape") {
    fields.wholes("shape", layer.shape);
  } else if (type == "max_pool2d" || type == "average_pool2d") {
    describe_pooling(fields, layer);
  } else if (type == "upsample2d") {
    fields.whole("scale", layer.scale, 1);
  } else if (type == "residual") {
    fields.layers("layers", layer.layers);
    describe_activation(fields, layer);
  }
}

ops::Activation activation_by_name(std::string_view name) {
  std::string known;
  for (const auto& [word, activation] : kActivations) {
    if (word == name) return activation;
    known += known.empty() ? std::string(word) : ", " + std::string(word);
  }
  fail("activation: expects one of {}, got '{}'", known, name);
}

}  // namespace pumice::nn
