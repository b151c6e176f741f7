#pragma once

#include <functional>

#include "engine/graph/tensor.h"

namespace pumice::nn {

/// How a network is run; by default, for inference.
struct ForwardContext {
  bool training = false;   ///< batch norm uses the moments of the batch, dropout is active
  Tensor step_state = {};  ///< u32[4], see ops::uniform; required for training with dropout
  /// The mean over the processes that share the batch: batch norm then uses the moments of the
  /// whole batch instead of those of the graph's rows. Absent: of these rows.
  std::function<Tensor(const Tensor&)> mean_over_ranks = nullptr;
};

}  // namespace pumice::nn
