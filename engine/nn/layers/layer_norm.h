#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Layer normalisation of each row, over the last axis: […, C], C > 1.
struct LayerNorm {
  static constexpr std::string_view kType = "layer_norm";
  std::string activation = "none";
  double slope = 0.2;     ///< of leaky_relu
  double epsilon = 1e-5;  ///< added to the variance

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  bool operator==(const LayerNorm&) const = default;
};

}  // namespace pumice::nn
