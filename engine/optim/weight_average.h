#pragma once

#include "engine/nn/parameters.h"

namespace pumice::optim {

/// An exponential moving average of weights (Polyak and Juditsky, 1992), running statistics
/// included: a generator samples better with it than with its last weights.
class WeightAverage {
 public:
  /// `average`: allocated, of the same layout as `weights`; networks built on it run with the
  /// average. Both must outlive this. Throws Error when the layouts differ.
  WeightAverage(const nn::Parameters& weights, const nn::Parameters& average, double decay);

  /// Appends average = d·average + (1 - d)·weights with d = min(decay, (1 + t) / (10 + t)) of the
  /// clock's step t, so that the first weights are soon forgotten; the first step copies.
  void update(const Tensor& clock) const;

 private:
  const nn::Parameters& weights_;
  const nn::Parameters& average_;
  double decay_;
};

}  // namespace pumice::optim
