#pragma once

#include "engine/ops/ops.h"

namespace pumice::ops {

/// Windows of size x size, `stride` apart, over images [batch, height, width, channels] with
/// `padding` <= size / 2 pixels on each side.
struct PoolShape {
  uint32_t batch = 0;
  uint32_t height = 0;
  uint32_t width = 0;
  uint32_t channels = 0;
  uint32_t pooled_height = 0;
  uint32_t pooled_width = 0;
  uint32_t size = 0;
  uint32_t stride = 0;
  uint32_t padding = 0;
  bool divide_by_pixels = false;  ///< divide sums by the number of pixels within the image
};

/// scale times the sum over each window: [B, H, W, C] → [B, H', W', C].
Tensor pool_sum(const Tensor& x, const PoolShape& shape, float scale);
/// The gradient of pool_sum: scale times the sum over the windows that cover each pixel, [B, H',
/// W', C] → [B, H, W, C].
Tensor pool_spread(const Tensor& x, const PoolShape& shape, float scale);

}  // namespace pumice::ops
