#pragma once

#include "engine/ops/ops.h"

namespace pumice::ops {

/// activation(x + bias), the bias where there is one: where no kernel can do it with its sums.
Tensor activate_biased(const Tensor& x, const Tensor& bias, Activation activation, float slope);

/// Whether an op leaves this activation to a node of its own, which keeps its input, rather than
/// to its last kernel, which stores only the output: wherever gradients are taken and that of the
/// activation needs the input. A fused kernel would have to store both, in as much memory, and
/// every core would need another binding for it; the node costs one more pass over the result.
bool needs_own_node(Activation activation);

/// An op's options without the activation.
template <typename Options>
Options without_activation(Options options) {
  options.activation = Activation::kNone;
  return options;
}

/// dy · activation'(x), from the output y = activation(x): the first step of the gradient of every
/// op that fuses an activation.
Tensor activation_gradient(const Tensor& dy, const Tensor& y, Activation activation, float slope);

}  // namespace pumice::ops
