#pragma once

#include "engine/graph/graph.h"
#include "kernels/shared.h"

/// Losses summed over rows by one dispatch, a workgroup for each row. Lowering replaces it, if it
/// can, by one that also computes the gradient: see Node::together_with.
namespace pumice::ops {

/// Whether to use these kernels on the device for rows of `row` losses: not for very long ones,
/// which a workgroup takes too long for.
bool sums_in_workgroups(const Graph& graph, uint64_t row);

/// [B] from a prediction and a target of [B, …]. `gradient`: of the node, for both.
Tensor row_losses(kernels::PointwiseLoss operation, const Tensor& x, const Tensor& target,
                  Gradient gradient);

/// The divergences of gaussian_kl(): [B] from the moments.
Tensor row_divergences(const Tensor& moments, Gradient gradient);

}  // namespace pumice::ops
