#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// The mean of each channel: [H, W, C] → [C].
struct GlobalAveragePool2d {
  static constexpr std::string_view kType = "global_average_pool2d";

  void describe(LayerFields&) {}
  BuiltLayer build(const LayerContext& context) const;
  bool operator==(const GlobalAveragePool2d&) const = default;
};

}  // namespace pumice::nn
