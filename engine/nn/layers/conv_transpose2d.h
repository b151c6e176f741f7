#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// A transposed convolution: [H, W, in] → [H', W', out]. Padding "same" multiplies the edges by the
/// stride. Weight [kernel, kernel, out, in] as in Keras, bias [out].
struct ConvTranspose2d {
  static constexpr std::string_view kType = "conv_transpose2d";
  uint32_t out = 0;     ///< channels
  uint32_t kernel = 0;  ///< edge
  uint32_t stride = 1;
  std::string padding = "same";  ///< or "valid": none
  bool bias = true;
  std::string activation = "none";
  double slope = 0.2;  ///< of leaky_relu

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  std::string details() const;
  bool operator==(const ConvTranspose2d&) const = default;
};

}  // namespace pumice::nn
