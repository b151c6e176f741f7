#pragma once

#include "engine/ops/ops.h"

namespace pumice::ops {

/// activation(x + bias), the bias where there is one: where no kernel can do it with its sums.
Tensor activate_biased(const Tensor& x, const Tensor& bias, Activation activation, float slope);

/// dy · activation'(x), from the output y = activation(x): the first step of the gradient of every
/// op that fuses an activation.
Tensor activation_gradient(const Tensor& dy, const Tensor& y, Activation activation, float slope);

}  // namespace pumice::ops
