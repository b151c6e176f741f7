#pragma once

#include "engine/ops/ops.h"

namespace pumice::ops {

/// dy · activation'(x), from the output y = activation(x): the first step of the gradient of every
/// op that fuses an activation.
Tensor activation_gradient(const Tensor& dy, const Tensor& y, Activation activation, float slope);

}  // namespace pumice::ops
