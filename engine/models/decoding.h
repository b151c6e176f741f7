#pragma once

#include <cstdint>
#include <vector>

#include "engine/ops/ops.h"

namespace pumice::models {

/// One pass from latents to images. Most families need a single pass without numbers; a family
/// that integrates an equation needs one per step, whose numbers give the step's position.
struct DecodePass {
  uint32_t program = 0;             ///< which of the model's programs to run
  std::vector<float> numbers = {};  ///< passed in a buffer, so they change without recompiling
};

/// The inputs of a decoding program.
struct DecodeInput {
  Tensor latents;  ///< [B, z]
  Tensor labels;   ///< u32 [B]; absent unless the model is conditional
  Tensor numbers;  ///< f32, those of the current pass; absent if passes have none
};

struct Decoded {
  Tensor images;        ///< [B, height·width·channels], 0 … 1; only the last pass's are used
  Tensor latents = {};  ///< [B, z] for the next pass; absent if decoding is a single pass
};

}  // namespace pumice::models
