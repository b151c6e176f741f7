#pragma once

#include <string>

#include "engine/nn/initialization.h"
#include "engine/nn/pass.h"
#include "engine/ops/ops.h"

namespace pumice::nn {

struct NormalisationOptions {
  float epsilon = 1e-5f;
  float momentum = 0.1f;  ///< weight of a new batch in BatchNorm's running moments
  ops::Activation activation = ops::Activation::kNone;
  float slope = 0.2f;  ///< of leaky ReLU
  Initialization initialization = Initialization::kFanIn;
};

/// Batch normalisation over all axes but the last, x[…, C]. In training by the batch's moments,
/// and the running ones ("running_mean", "running_variance") follow them, the variance unbiased, as
/// in PyTorch; otherwise by the running ones. Training throws Error where a channel has one value
/// in the batch: normalised, that is always 0.
class BatchNorm {
 public:
  BatchNorm(Parameters& parameters, const std::string& name, uint32_t channels,
            const NormalisationOptions& options);

  Tensor operator()(const Tensor& x, const Pass& pass) const;

 private:
  void follow(uint32_t handle, const Tensor& moment, float scale) const;

  void require_several_values(const Tensor& x) const;

  const Parameters* parameters_;
  std::string name_;
  NormalisationOptions options_;
  uint32_t scale_;
  uint32_t shift_;
  uint32_t mean_;
  uint32_t variance_;
};

/// Layer normalisation of each row over the last axis, x[…, C], C > 1.
class LayerNorm {
 public:
  LayerNorm(Parameters& parameters, const std::string& name, uint32_t channels,
            const NormalisationOptions& options);

  Tensor operator()(const Tensor& x) const;

 private:
  const Parameters* parameters_;
  NormalisationOptions options_;
  uint32_t scale_;
  uint32_t shift_;
};

}  // namespace pumice::nn
