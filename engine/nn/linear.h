#pragma once

#include "engine/nn/affine.h"
#include "engine/ops/ops.h"

namespace pumice::nn {

struct LinearOptions {
  AffineOptions affine = {};
  ops::Activation activation = ops::Activation::kNone;
  float slope = 0.2f;  ///< of leaky ReLU
};

/// y = activation(x·Wᵀ + b): x[B, in] → [B, out]. Weight [out, in] and bias [out] as in PyTorch.
class Linear {
 public:
  Linear(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
         const LinearOptions& options = {});

  Tensor operator()(const Tensor& x, const Pass& pass = {}) const;

 private:
  LinearOptions options_;
  Affine affine_;
};

}  // namespace pumice::nn
