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
  /// What a training pass updates, such as a running moment, in other memory than the parameters'.
  /// Absent: in theirs.
  std::function<Tensor(const Tensor&)> copy_of_statistic = nullptr;

  /// Where the pass finds and updates it.
  Tensor statistic(const Tensor& parameter) const {
    return copy_of_statistic ? copy_of_statistic(parameter) : parameter;
  }

  /// `training`, but never in a program that is built without gradients: what only training runs is
  /// then left out of it (see graph/gradient.h).
  bool is_training() const {
#ifdef PUMICE_INFERENCE_ONLY
    return false;
#else
    return training;
#endif
  }
};

}  // namespace pumice::nn
