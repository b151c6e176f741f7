#pragma once

#include <cstdint>
#include <vector>

#include "engine/ops/ops.h"

namespace pumice::models {

/// One pass from latents to pictures. Most families need a single one, without numbers; a family
/// that solves an equation takes one for each step, and the numbers say where the step is.
struct DecodePass {
  uint32_t program = 0;             ///< which of the model's programs runs
  std::vector<float> numbers = {};  ///< given to it in a buffer: they change without compiling
};

/// What a program of decoding is built from.
struct DecodeInput {
  Tensor latents;  ///< [B, z]
  Tensor labels;   ///< u32 [B]; absent unless the model is conditional
  Tensor numbers;  ///< f32, as many as its passes have; absent if they have none
};

struct Decoded {
  Tensor pictures;  ///< [B, height·width·channels], 0 … 1; only those of the last pass are used
  Tensor latents = {};  ///< [B, z] for the next pass; absent if a decode is one pass
};

}  // namespace pumice::models
