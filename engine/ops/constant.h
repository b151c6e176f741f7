#pragma once

#include <optional>

#include "engine/graph/graph.h"

namespace pumice::ops {

/// The number that all elements of `x` are, if constant() made its memory and no node updates it.
std::optional<float> constant_value(const Tensor& x);

/// For gradient rules: dy · scale, and dy broadcast to `shape`. The gradient of a loss begins at a
/// constant, which stays one, without a way back to it.
Tensor scaled(const Tensor& dy, float scale);
Tensor repeated(const Tensor& dy, const Shape& shape);

}  // namespace pumice::ops
