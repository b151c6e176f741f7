#pragma once

#include "engine/graph/graph.h"

namespace pumice {

/// Appends the nodes that compute the gradients of `of` with respect to each of `with_respect_to`,
/// by walking the nodes backwards (reverse-mode differentiation). The result is ordinary graph, so
/// it can be differentiated again. ops::gradients() is the form for scalars.
///
/// `seed`: the gradient of `of`, of the same shape. `add`: sums two gradients of the same tensor.
/// Tensors that `of` does not depend on have no gradient: an absent Tensor.
/// Throws Error when a node on the way has no rule.
Tensors backward(const Tensor& of, const Tensor& seed, const Tensors& with_respect_to,
                 const std::function<Tensor(const Tensor&, const Tensor&)>& add);

}  // namespace pumice
