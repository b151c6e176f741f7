#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/ops/ops.h"

namespace pumice::nn {

class LayerFields;

/// An activation with its parameter, in the form that kernels take.
struct ActivationOptions {
  ops::Activation function = ops::Activation::kNone;
  float slope = 0.2f;  ///< for leaky ReLU
};

/// "none", "relu", …
std::vector<std::string_view> activation_names();

/// Visits the keys "activation" and, for leaky_relu, "slope", which many layer types have.
void describe_activation(LayerFields& fields, std::string& activation, double& slope);

/// Converts the values of these keys. Throws Error as ops::activation_by_name() does.
ActivationOptions activation_options(std::string_view activation, double slope);

}  // namespace pumice::nn
