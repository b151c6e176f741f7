#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Repeats each pixel `scale` times along both edges (nearest neighbour).
struct Upsample2d {
  static constexpr std::string_view kType = "upsample2d";
  static constexpr bool kKeepsValues = true;
  uint32_t scale = 0;

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  bool operator==(const Upsample2d&) const = default;
};

}  // namespace pumice::nn
