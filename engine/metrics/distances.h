#pragma once

#include <functional>

#include "engine/metrics/features.h"
#include "engine/metrics/neighbours.h"

namespace pumice::metrics {

/// Fast and exact distances of samples to all `columns`: a matrix product in single precision
/// decides nearly all comparisons; pairs where its rounding error could matter are summed in
/// double.
class Distances {
 public:
  /// `columns` must outlive this.
  explicit Distances(const Features& columns);

  /// The distances from one sample.
  class Row {
   public:
    Row(const Distances& distances, uint32_t index, const float* sample, const float* products);

    uint32_t index() const { return index_; }
    uint32_t count() const { return distances_.columns_.count; }
    double squared(uint32_t column) const;
    /// squared(column) < limit.
    bool is_below(uint32_t column, double limit) const;
    /// The k nearest columns, in order; ties go to the lower index. Skips column `except`.
    std::vector<Neighbour> nearest(uint32_t k, uint32_t except = UINT32_MAX) const;

   private:
    double rough(uint32_t column) const;
    double rough_error(uint32_t column) const;

    const Distances& distances_;
    uint32_t index_;
    const float* sample_;
    const float* products_;  ///< dot products of the sample with each column
    double squared_norm_;
  };

  /// Calls `job` with the row of each sample of `rows`, on several threads.
  void for_each(const Features& rows, const std::function<void(const Row&)>& job) const;

 private:
  const Features& columns_;
  std::vector<double> squared_norms_;
};

}  // namespace pumice::metrics
