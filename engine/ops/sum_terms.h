#pragma once

#include "engine/ops/unfold.h"

namespace pumice::ops {

/// A node without its gradient: y = Σ over parts of partial[part, …], completed by the epilogue,
/// where each part has as many partial sums as y has elements, rounded up to whole vec4s. For GPUs.
Node sum_terms(const Tensor& partial, const Tensor& y, const Epilogue& epilogue = {});

}  // namespace pumice::ops
