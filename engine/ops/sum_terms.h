#pragma once

#include "engine/ops/unfold.h"

namespace pumice::ops {

/// A node without its gradient: y = activation(Σ over parts of partial[part, …] + bias), where each
/// part has as many partial sums as y has elements, rounded up to whole vec4s. For GPUs.
Node sum_terms(const Tensor& partial, const Tensor& y, const Epilogue& epilogue = {});

}  // namespace pumice::ops
