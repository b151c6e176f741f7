#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// An activation function as a separate layer: y = activation(x).
struct Activation {
  static constexpr std::string_view kType = "activation";
  std::string activation = "none";
  double slope = 0.2;  ///< of leaky_relu

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  bool operator==(const Activation&) const = default;
};

}  // namespace pumice::nn
