#pragma once

#include <optional>

#include "engine/ops/unfold.h"

namespace pumice::ops {

/// A node without its gradient: y = activation(Σ over parts of partial[part, …] + bias), where each
/// part has as many partial sums as y has elements, rounded up to whole vec4s. For GPUs.
Node sum_terms(const Tensor& partial, const Tensor& y, const Epilogue& epilogue = {});

/// If dy is such a sum, without an epilogue and not read by any kernel yet: a node that computes
/// dx = dy · activation'(v) from the partial sums, so that dy need not be computed. v is what
/// activation_derivative() in activation.glsl takes. Without its gradient.
std::optional<Node> sum_terms_for_derivative(const Tensor& dy, const Tensor& v, const Tensor& dx,
                                             Activation activation, float slope);

}  // namespace pumice::ops
