#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Batch normalisation over all axes but the last, […, C]. Training uses the moments of the batch
/// and updates the running moments ("running_mean", "running_variance", unbiased as in PyTorch);
/// inference uses the running moments. Training throws Error if the batch has only one value per
/// channel, which would always be normalised to 0. Where ranks share a batch, its moments are those
/// of a rank's rows or, with ForwardContext::mean_over_ranks, of the whole batch.
struct BatchNorm {
  static constexpr std::string_view kType = "batch_norm";
  std::string activation = "none";
  double slope = 0.2;     ///< of leaky_relu
  double epsilon = 1e-5;  ///< added to the variance
  double momentum = 0.1;  ///< weight of the batch in the running moments

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  bool operator==(const BatchNorm&) const = default;
};

}  // namespace pumice::nn
