#pragma once

#include "engine/graph/graph.h"

namespace pumice {

/// The ops that differentiation needs.
struct GradientArithmetic {
  std::function<Tensor(const Tensor&, const Tensor&)> add;  ///< two gradients of the same tensor
  /// Splits the gradient of a joined tensor into those of its parts.
  std::function<Tensors(const Tensor& gradient, const Tensors& parts)> split;
};

/// Appends the nodes that compute the gradients of `of` with respect to each of `with_respect_to`,
/// by walking the nodes backwards (reverse-mode differentiation). The result consists of ordinary
/// nodes, so it can be differentiated again. For scalars, use ops::gradients().
///
/// `seed`: the gradient of `of`, of the same shape. `with_respect_to`: no joined tensors, but their
/// parts are allowed. The gradient is an absent Tensor if `of` does not depend on the tensor.
/// Throws Error if a node in between has no gradient rule.
Tensors backward(const Tensor& of, const Tensor& seed, const Tensors& with_respect_to,
                 const GradientArithmetic& arithmetic);

}  // namespace pumice
