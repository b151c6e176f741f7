#pragma once

#include "engine/graph/tensor.h"

namespace pumice::nn {

/// How a network is run; by default, for inference.
struct Pass {
  bool training = false;  ///< batch norm uses the moments of the batch, dropout is active
  Tensor clock = {};      ///< u32[4], see ops::uniform; required for training with dropout
};

}  // namespace pumice::nn
