#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// The same numbers in another shape.
struct Reshape {
  static constexpr std::string_view kType = "reshape";
  static constexpr bool kKeepsValues = true;
  std::vector<uint32_t> shape;

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  bool operator==(const Reshape&) const = default;
};

}  // namespace pumice::nn
