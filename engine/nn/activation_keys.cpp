#include "engine/nn/activation_keys.h"

#include <fmt/ranges.h>

#include <array>
#include <utility>

#include "engine/base/require.h"
#include "engine/nn/layer.h"

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

}  // namespace

std::vector<std::string_view> activation_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, activation] : kActivations) names.push_back(name);
  return names;
}

ops::Activation activation_by_name(std::string_view name) {
  for (const auto& [known, activation] : kActivations) {
    if (known == name) return activation;
  }
  fail("activation: expects one of {}, got '{}'", fmt::join(activation_names(), ", "), name);
}

void describe_activation(LayerFields& fields, std::string& activation, double& slope) {
  fields.choice("activation", activation, activation_names());
  if (activation == "leaky_relu") fields.number("slope", slope, kNotNegative);
}

ActivationOptions activation_options(std::string_view activation, double slope) {
  return {activation_by_name(activation), static_cast<float>(slope)};
}

}  // namespace pumice::nn
