#pragma once

#include "engine/nn/layer.h"

namespace pumice::nn {

/// A long short-term memory: a sequence [T, in], or a grey image as a sequence of rows, → the
/// last state [out] or all states [T, out]. Weight [4·out, in], recurrent [4·out, out], bias
/// [4·out]; gates i, f, g, o as in PyTorch, but with a single bias. With Initialization::kFanIn all
/// are U(±1/√out), as in PyTorch.
struct Lstm {
  static constexpr std::string_view kType = "lstm";
  uint32_t out = 0;       ///< size of the hidden state
  bool sequence = false;  ///< output all states, not only the last

  void describe(LayerFields& fields);
  BuiltLayer build(const LayerContext& context) const;
  std::string details() const;
  bool operator==(const Lstm&) const = default;
};

}  // namespace pumice::nn
