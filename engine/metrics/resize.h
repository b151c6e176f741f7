#pragma once

#include <span>
#include <vector>

#include "engine/base/shape.h"

namespace pumice::metrics {

/// Pictures [N, height·width·channels] of `picture` = [height, width, channels] → [N,
/// side·side·channels], by bicubic convolution that is widened where it shrinks (antialiasing):
/// bit by bit what PIL's resize gives for its mode "F". It neither rounds nor clips: the cubic's
/// negative lobes reach beyond the range of the pixels. Parmar, Zhang and Zhu, "On aliased resizing
/// and surprising subtleties in GAN evaluation" (2022) show how much figures depend on this.
std::vector<float> resize_bicubic(std::span<const float> pictures, const Shape& picture,
                                  uint32_t side);

}  // namespace pumice::metrics
