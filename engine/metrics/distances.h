#pragma once

#include <functional>

#include "engine/metrics/features.h"
#include "engine/metrics/neighbours.h"

namespace pumice::metrics {

/// Distances of samples to all `columns`, fast and exact: a product of matrices in single precision
/// tells nearly all of them apart, and where its rounding could matter a pair is summed in double.
class Distances {
 public:
  /// `columns` must outlive this.
  explicit Distances(const Features& columns);

  /// From one sample.
  class Row {
   public:
    Row(const Distances& distances, uint32_t index, const float* sample, const float* products);

    uint32_t index() const { return index_; }
    uint32_t count() const { return distances_.columns_.count; }
    double squared(uint32_t column) const;
    /// squared(column) < limit.
    bool is_below(uint32_t column, double limit) const;
    /// The k nearest, in order; the lower index first of equals. Without column `except`.
    std::vector<Neighbour> nearest(uint32_t k, uint32_t except = UINT32_MAX) const;

   private:
    double rough(uint32_t column) const;
    double rough_error(uint32_t column) const;

    const Distances& distances_;
    uint32_t index_;
    const float* sample_;
    const float* products_;  ///< of the sample with each column
    double squared_norm_;
  };

  /// Calls `job` with each sample of `rows`, from several threads.
  void for_each(const Features& rows, const std::function<void(const Row&)>& job) const;

 private:
  const Features& columns_;
  std::vector<double> squared_norms_;
};

}  // namespace pumice::metrics
