#pragma once

#include "engine/graph/tensor.h"

namespace pumice::nn {

/// How a network is run; by default, for inference.
struct ForwardContext {
  bool training = false;   ///< batch norm uses the moments of the batch, dropout is active
  Tensor step_state = {};  ///< u32[4], see ops::uniform; required for training with dropout
};

}  // namespace pumice::nn
