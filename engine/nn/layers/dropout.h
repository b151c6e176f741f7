#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Randomly zeroes elements in training and scales up the others (inverted dropout).
struct Dropout {
  static constexpr std::string_view kType = "dropout";
  double rate = 0;  ///< fraction of elements that become zero

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  std::string details() const;
  bool operator==(const Dropout&) const = default;
};

}  // namespace pumice::nn
