#pragma once

#include <map>

#include "engine/graph/graph.h"

namespace pumice::train {

/// For the program of a shard that must leave alone what another one updates at each step: running
/// moments, singular vectors. It updates copies, which it makes each time.
class ShardStatistics {
 public:
  /// `device` must outlive this.
  explicit ShardStatistics(hal::Device& device) : device_(device) {}

  /// The copy of an external tensor of one graph.
  Tensor of(const Tensor& statistic);

 private:
  hal::Device& device_;
  std::map<uint32_t, Tensor> copies_;
};

}  // namespace pumice::train
