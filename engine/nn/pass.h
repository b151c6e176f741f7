#pragma once

#include "engine/graph/tensor.h"

namespace pumice::nn {

/// How a network is run: by default for inference.
struct Pass {
  bool training = false;  ///< batch norm by the batch's moments; dropout drops
  Tensor clock = {};      ///< u32[4] as random numbers take it; training with dropout needs it
};

}  // namespace pumice::nn
