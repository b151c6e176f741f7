#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Zeroes elements at random in training, and scales the others up (inverted dropout).
struct Dropout {
  static constexpr std::string_view kType = "dropout";
  double rate = 0;  ///< fraction of elements that become zero

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  std::string details() const;
  bool operator==(const Dropout&) const = default;
};

}  // namespace pumice::nn
