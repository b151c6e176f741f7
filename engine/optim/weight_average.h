#pragma once

#include "engine/nn/parameters.h"

namespace pumice::optim {

/// An exponential moving average of weights (Polyak and Juditsky, 1992), including running
/// statistics. A generator samples better with it than with its latest weights.
class WeightAverage {
 public:
  /// `average`: allocated, with the same layout as `weights`; networks built on it run with the
  /// average. Both must outlive this. Throws Error if the layouts differ.
  WeightAverage(const nn::Parameters& weights, const nn::Parameters& average, double decay);

  /// Appends average = d·average + (1 - d)·weights with d = min(decay, (1 + t) / (10 + t)) at the
  /// step t, so that the initial weights are forgotten quickly; the first step copies.
  void update(const Tensor& step_state) const;

 private:
  const nn::Parameters& weights_;
  const nn::Parameters& average_;
  double decay_;
};

}  // namespace pumice::optim
