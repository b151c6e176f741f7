#pragma once

#include "engine/nn/initialization.h"
#include "engine/ops/ops.h"

namespace pumice::nn {

/// A long short-term memory: x[B, T, in] → all states [B, T, hidden], or the last, [B, hidden].
/// Weight [4·hidden, in], recurrent [4·hidden, hidden], bias [4·hidden], gates i, f, g, o as in
/// PyTorch, whose two biases are one here. With Initialization::kFanIn all are U(±1/√hidden), as
/// there.
class Lstm {
 public:
  Lstm(Parameters& parameters, const std::string& name, uint32_t in, uint32_t hidden, bool sequence,
       Initialization initialization = Initialization::kFanIn);

  Tensor operator()(const Tensor& x) const;

 private:
  const Parameters* parameters_;
  uint32_t hidden_;
  bool sequence_;
  uint32_t weight_;
  uint32_t recurrent_;
  uint32_t bias_;
};

}  // namespace pumice::nn
