#pragma once

#include <optional>

#include "engine/nn/initialization.h"
#include "engine/ops/ops.h"

namespace pumice::nn {

struct LinearOptions {
  bool bias = true;
  ops::Activation activation = ops::Activation::kNone;
  float slope = 0.2f;  ///< of leaky ReLU
  Initialization initialization = Initialization::kFanIn;
};

/// y = activation(x·Wᵀ + b): x[B, in], or pictures with so many values, → [B, out]. Weight [out,
/// in] and bias [out] as in PyTorch.
class Linear {
 public:
  Linear(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
         const LinearOptions& options = {});

  Tensor operator()(const Tensor& x) const;
  /// The same layer with another activation.
  Linear with_activation(ops::Activation activation) const;

 private:
  const Parameters* parameters_;
  LinearOptions options_;
  uint32_t weight_;
  std::optional<uint32_t> bias_;
};

}  // namespace pumice::nn
