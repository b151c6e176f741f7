#pragma once

#include <vector>

#include "engine/graph/graph.h"

namespace pumice::train {

/// Means over ranks within a program, each weighted by the rank's fraction of the batch: places at
/// which a SharedStep waits for the other ranks. Needed until the graph's gradients are built.
class RankMeans {
 public:
  /// `device` must outlive this.
  explicit RankMeans(hal::Device& device) : device_(device) {}

  /// Appends one. Its gradient is that of the whole batch's loss, given that each rank's loss is
  /// the mean over its rows and that gradients of parameters are weighted by the same fractions.
  Tensor of(const Tensor& x);

  /// What to exchange, in this order.
  const std::vector<hal::BufferPtr>& buffers() const { return buffers_; }

 private:
  hal::Device& device_;
  std::vector<hal::BufferPtr> buffers_;
};

}  // namespace pumice::train
