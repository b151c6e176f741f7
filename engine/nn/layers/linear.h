#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// y = activation(x·Wᵀ + b): features, or images as flat vectors, → [out]. Weight [out, in] and
/// bias [out] as in PyTorch.
struct Linear {
  static constexpr std::string_view kType = "linear";
  uint32_t out = 0;  ///< features
  bool bias = true;
  bool spectral_norm = false;  ///< see AffineOptions
  std::string activation = "none";
  double slope = 0.2;  ///< of leaky_relu

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  bool operator==(const Linear&) const = default;
};

}  // namespace pumice::nn
