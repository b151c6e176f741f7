#include "engine/nn/activation_keys.h"

#include "engine/nn/layer.h"

namespace pumice::nn {

std::vector<std::string_view> activation_names() {
  constexpr auto& kNames = kernels::kNames<ops::Activation>;
  return {kNames.begin(), kNames.end()};
}

void describe_activation(LayerFields& fields, std::string& activation, double& slope) {
  fields.choice("activation", activation, activation_names());
  if (activation == "leaky_relu") fields.number("slope", slope, kNotNegative);
}

ActivationOptions activation_options(std::string_view activation, double slope) {
  return {ops::activation_by_name(activation), static_cast<float>(slope)};
}

}  // namespace pumice::nn
