#pragma once

#include "engine/graph/graph.h"

namespace pumice {

/// What differentiation needs of the ops.
struct GradientArithmetic {
  std::function<Tensor(const Tensor&, const Tensor&)> add;  ///< two gradients of the same tensor
  /// The gradient of a joined tensor in those of its parts.
  std::function<Tensors(const Tensor& gradient, const Tensors& parts)> split;
};

/// Appends the nodes that compute the gradients of `of` with respect to each of `with_respect_to`,
/// by walking the nodes backwards (reverse-mode differentiation). The result is ordinary graph, so
/// it can be differentiated again. ops::gradients() is the form for scalars.
///
/// `seed`: the gradient of `of`, of the same shape. `with_respect_to`: no joined tensors, but parts
/// of them. Tensors that `of` does not depend on have no gradient: an absent Tensor.
/// Throws Error when a node on the way has no rule.
Tensors backward(const Tensor& of, const Tensor& seed, const Tensors& with_respect_to,
                 const GradientArithmetic& arithmetic);

}  // namespace pumice
