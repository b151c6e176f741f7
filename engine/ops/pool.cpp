#include "engine/ops/pool.h"

#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "kernels/pool_max.h"
#include "kernels/pool_max_gradient.h"
#include "kernels/pool_spread.h"
#include "kernels/pool_sum.h"

namespace pumice::ops {
namespace {

PoolShape shape_of(std::string_view op, const Tensor& x, uint32_t size, uint32_t stride,
                   uint32_t padding) {
  require_f32(op, x);
  require(x.shape().rank() == 4, "{}: expects pictures [B, H, W, C], got {}", op, x.shape());
  require(size > 0 && stride > 0, "{}: expects a size and a stride of at least 1, got {} and {}",
          op, size, stride);
  require(padding <= size / 2, "{}: expects padding of at most half the windows of {} x {}, got {}",
          op, size, size, padding);
  const uint32_t height = x.shape()[1] + 2 * padding;
  const uint32_t width = x.shape()[2] + 2 * padding;
  require(height >= size && width >= size, "{}: windows of {} x {} do not fit {}", op, size, size,
          x.shape());
  return {.batch = x.shape()[0],
          .height = x.shape()[1],
          .width = x.shape()[2],
          .channels = x.shape()[3],
          .pooled_height = (height - size) / stride + 1,
          .pooled_width = (width - size) / stride + 1,
          .size = size,
          .stride = stride,
          .padding = padding};
}

Shape picture(const PoolShape& s) { return {s.batch, s.height, s.width, s.channels}; }
Shape pooled(const PoolShape& s) { return {s.batch, s.pooled_height, s.pooled_width, s.channels}; }

/// All four kernels have the same params and a thread per vec4 of the result.
Tensor launch(const hal::Kernel& kernel, const Tensors& inputs, const Shape& result,
              const PoolShape& s, float scale, Gradient gradient, const Tensors& differentiable) {
  Graph& graph = inputs[0].graph();
  Tensor y = graph.tensor(result, DType::kF32);
  graph.add({
      .kernel = &kernel,
      .inputs = inputs,
      .outputs = {y},
      .params = pack(kernels::PoolSumParams{s.batch, s.height, s.width, s.channels, s.pooled_height,
                                            s.pooled_width, s.size, s.stride, s.padding,
                                            s.divide_by_pixels, scale}),
      .grid = vec4_grid(count(y), kernel, graph.limits()),
      .gradient = std::move(gradient),
      .differentiable = differentiable,
  });
  return y;
}

Tensor max_gradient(const Tensor& x, const Tensor& dy, const PoolShape& shape);

/// `values` from where x is largest in each window: linear in values.
Tensor pick(const Tensor& x, const Tensor& values, const PoolShape& shape) {
  return launch(
      kernels::pool_max, {x, values}, pooled(shape), shape, 1,
      [x, shape](const Tensors& dy) -> Tensors { return {max_gradient(x, dy[0], shape)}; },
      {values});
}

Tensor max_gradient(const Tensor& x, const Tensor& dy, const PoolShape& shape) {
  return launch(kernels::pool_max_gradient, {x, dy}, picture(shape), shape, 1,
                [x, shape](const Tensors& g) -> Tensors { return {pick(x, g[0], shape)}; }, {dy});
}

}  // namespace

Tensor pool_sum(const Tensor& x, const PoolShape& shape, float scale) {
  return launch(
      kernels::pool_sum, {x}, pooled(shape), shape, scale,
      [shape, scale](const Tensors& dy) -> Tensors { return {pool_spread(dy[0], shape, scale)}; },
      {x});
}

Tensor pool_spread(const Tensor& x, const PoolShape& shape, float scale) {
  return launch(
      kernels::pool_spread, {x}, picture(shape), shape, scale,
      [shape, scale](const Tensors& dy) -> Tensors { return {pool_sum(dy[0], shape, scale)}; },
      {x});
}

Tensor max_pool2d(const Tensor& x, uint32_t size, uint32_t stride, uint32_t padding) {
  return pick(x, x, shape_of("max_pool2d", x, size, stride, padding));
}

Tensor average_pool2d(const Tensor& x, uint32_t size, uint32_t stride, uint32_t padding,
                      AverageOver over) {
  PoolShape shape = shape_of("average_pool2d", x, size, stride, padding);
  shape.divide_by_pixels = over == AverageOver::kPixels;
  return pool_sum(x, shape, shape.divide_by_pixels ? 1 : 1 / static_cast<float>(size * size));
}

}  // namespace pumice::ops
