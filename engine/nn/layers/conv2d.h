#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// A convolution: [H, W, in] → [H', W', out]. Weight [kernel, kernel, in, out], bias [out].
struct Conv2d {
  static constexpr std::string_view kType = "conv2d";
  uint32_t out = 0;     ///< channels
  uint32_t kernel = 0;  ///< edge
  uint32_t stride = 1;
  std::string padding = "same";  ///< as in TensorFlow; "valid": none
  bool bias = true;
  bool spectral_norm = false;  ///< see AffineOptions
  std::string activation = "none";
  double slope = 0.2;  ///< of leaky_relu

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  std::string details() const;
  bool operator==(const Conv2d&) const = default;
};

}  // namespace pumice::nn
