#pragma once

#include "engine/nn/parameters.h"
#include "engine/ops/ops.h"

namespace pumice::nn {

/// y = activation(x·Wᵀ + b): x[B, in] → [B, out]. Weight [out, in] and bias [out] as in PyTorch,
/// and with its initialisation: U(±1/√in).
class Linear {
 public:
  Linear(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
         ops::Activation activation = ops::Activation::kNone, float slope = 0.2f);

  Tensor operator()(const Tensor& x) const;

 private:
  const Parameters* parameters_;
  uint32_t weight_;
  uint32_t bias_;
  ops::Activation activation_;
  float slope_;
};

}  // namespace pumice::nn
