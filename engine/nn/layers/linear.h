#pragma once

#include "engine/nn/affine.h"
#include "engine/ops/ops.h"

namespace pumice::nn {

struct LinearOptions {
  AffineOptions affine = {};
  ops::Activation activation = ops::Activation::kNone;
  float slope = 0.2f;  ///< of leaky ReLU
};

/// y = activation(x·Wᵀ + b): x[B, in], or pictures with so many values, → [B, out]. Weight [out,
/// in] and bias [out] as in PyTorch.
class Linear {
 public:
  Linear(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
         const LinearOptions& options = {});

  Tensor operator()(const Tensor& x, const Pass& pass = {}) const;
  /// The same layer with another activation.
  Linear with_activation(ops::Activation activation) const;

 private:
  LinearOptions options_;
  Affine affine_;
};

}  // namespace pumice::nn
