#pragma once

#include "engine/ops/ops.h"

namespace pumice::ops {

/// activation(x + bias), or activation(x) if the bias is absent: for sums that no kernel can fuse
/// this into.
Tensor activate_biased(const Tensor& x, const Tensor& bias, Activation activation, float slope);

/// Whether an op must apply this activation in a separate node, which keeps its input, instead of
/// fusing it into its last kernel, which stores only the output. True if gradients are available
/// and the activation's gradient needs the input. A fused kernel would have to store both, which
/// takes as much memory and another binding in every core; the node costs one more pass over the
/// result.
bool needs_own_node(Activation activation);

/// A copy of an op's options without the activation.
template <typename Options>
Options without_activation(Options options) {
  options.activation = Activation::kNone;
  return options;
}

/// dy · activation'(x), from the output y = activation(x): the first step of the gradient of every
/// op that fuses an activation.
Tensor activation_gradient(const Tensor& dy, const Tensor& y, Activation activation, float slope);

}  // namespace pumice::ops
