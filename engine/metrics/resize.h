#pragma once

#include <span>
#include <vector>

#include "engine/base/shape.h"

namespace pumice::metrics {

/// Images [N, height·width·channels] of `image` = [height, width, channels] → [N,
/// side·side·channels], by bicubic interpolation whose kernel widens when shrinking (antialiasing):
/// bit for bit the result of PIL's resize in mode "F". It neither rounds nor clips: the cubic's
/// negative lobes exceed the range of the pixels. Parmar, Zhang and Zhu, "On aliased resizing and
/// surprising subtleties in GAN evaluation" (2022) show how strongly metrics depend on this.
std::vector<float> resize_bicubic(std::span<const float> images, const Shape& image, uint32_t side);

}  // namespace pumice::metrics
