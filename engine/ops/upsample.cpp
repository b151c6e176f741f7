#include "engine/base/require.h"
#include "engine/ops/grid.h"
#include "engine/ops/parts.h"
#include "engine/ops/pool.h"

namespace pumice::ops {

// The gradient of sums over adjacent windows.
Tensor upsample_nearest2d(const Tensor& x, uint32_t scale) {
  require_f32("upsample_nearest2d", x);
  require(x.shape().rank() == 4, "upsample_nearest2d: expects images [B, H, W, C], got {}",
          x.shape());
  require(scale > 0, "upsample_nearest2d: expects a scale of at least 1, got 0");
  const Shape result = {x.shape()[0], x.shape()[1] * scale, x.shape()[2] * scale, x.shape()[3]};
  if (!fits(result, x.graph().limits())) {
    return by_rows("upsample_nearest2d", {x}, result.size() / result[0],
                   [&](const RowPart& part) { return upsample_nearest2d(part.xs[0], scale); });
  }
  return pool_spread(x,
                     {.batch = x.shape()[0],
                      .height = result[1],
                      .width = result[2],
                      .channels = x.shape()[3],
                      .pooled_height = x.shape()[1],
                      .pooled_width = x.shape()[2],
                      .size = scale,
                      .stride = scale},
                     1);
}

}  // namespace pumice::ops
