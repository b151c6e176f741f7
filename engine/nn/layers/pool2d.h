#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// The largest value of each window: [H, W, C] → [H', W', C]. Windows that do not fit are omitted.
struct MaxPool2d {
  static constexpr std::string_view kType = "max_pool2d";
  static constexpr bool kKeepsValues = true;
  uint32_t size = 0;    ///< edge of a window
  uint32_t stride = 0;  ///< 0: the size, as in PyTorch and Keras

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  std::string details() const;
  bool operator==(const MaxPool2d&) const = default;
};

/// The mean of each window; otherwise like MaxPool2d.
struct AveragePool2d {
  static constexpr std::string_view kType = "average_pool2d";
  uint32_t size = 0;    ///< edge of a window
  uint32_t stride = 0;  ///< 0: the size, as in PyTorch and Keras

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  std::string details() const;
  bool operator==(const AveragePool2d&) const = default;
};

}  // namespace pumice::nn
