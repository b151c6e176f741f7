#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Batch normalisation over all axes but the last, […, C]. In training by the batch's moments,
/// and the running ones ("running_mean", "running_variance") follow them, the variance unbiased, as
/// in PyTorch; otherwise by the running ones. Training throws Error where a channel has one value
/// in the batch: normalised, that is always 0.
struct BatchNorm {
  static constexpr std::string_view kType = "batch_norm";
  std::string activation = "none";
  double slope = 0.2;     ///< of leaky_relu
  double epsilon = 1e-5;  ///< added to the variance
  double momentum = 0.1;  ///< weight of a new batch in the running moments

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  bool operator==(const BatchNorm&) const = default;
};

}  // namespace pumice::nn
