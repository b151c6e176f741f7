#pragma once

#include "engine/ops/unfold.h"

namespace pumice::ops {

/// A node that lacks its gradient: y = activation(Σ over parts of partial[part, …] + bias), where
/// the partial sums of a part are as many as y's elements, rounded up to whole vec4s. For GPUs.
Node sum_terms(const Tensor& partial, const Tensor& y, const Epilogue& epilogue = {});

}  // namespace pumice::ops
