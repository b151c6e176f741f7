#pragma once

#include <optional>

#include "engine/graph/graph.h"

namespace pumice::ops {

/// The number that all elements of `x` are, if constant() made its memory and no node updates it.
std::optional<float> constant_value(const Tensor& x);

}  // namespace pumice::ops
