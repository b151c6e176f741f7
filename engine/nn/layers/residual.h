#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// y = activation(layers(x) + x). If the layers change the shape of an image, x passes through a 1
/// x 1 convolution and a batch norm (He et al., "Deep residual learning", 2016, option B).
struct Residual {
  static constexpr std::string_view kType = "residual";
  std::string activation = "none";
  double slope = 0.2;  ///< of leaky_relu
  std::vector<Layer> layers;

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  bool operator==(const Residual&) const = default;
};

}  // namespace pumice::nn
