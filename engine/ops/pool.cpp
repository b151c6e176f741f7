#include "engine/ops/pool.h"

#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/parts.h"
#include "kernels/pool_max.h"
#include "kernels/pool_max_gradient.h"
#include "kernels/pool_pick.h"
#include "kernels/pool_spread.h"
#include "kernels/pool_sum.h"

namespace pumice::ops {
namespace {

PoolShape shape_of(std::string_view op, const Tensor& x, uint32_t size, uint32_t stride,
                   uint32_t padding) {
  require_f32(op, x);
  require(x.shape().rank() == 4, "{}: expects images [B, H, W, C], got {}", op, x.shape());
  require(size > 0 && stride > 0, "{}: expects a size and a stride of at least 1, got {} and {}",
          op, size, stride);
  require(padding <= size / 2, "{}: expects padding of at most half the windows of {} x {}, got {}",
          op, size, size, padding);
  const uint32_t height = x.shape()[1] + 2 * padding;
  const uint32_t width = x.shape()[2] + 2 * padding;
  require(height >= size && width >= size, "{}: windows of {} x {} do not fit in {}", op, size,
          size, x.shape());
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

Shape image(const PoolShape& s) { return {s.batch, s.height, s.width, s.channels}; }
Shape pooled(const PoolShape& s) { return {s.batch, s.pooled_height, s.pooled_width, s.channels}; }

uint64_t pooled_row(const PoolShape& s) { return pooled(s).size() / s.batch; }

bool is_large(const Tensor& x, const PoolShape& shape) {
  return !fits(x) || !fits(pooled(shape), x.graph().limits());
}

/// One thread per vec4 of the result. All kernels have the same params.
Node launch(const hal::Kernel& kernel, const Tensors& inputs, const Shape& result,
            const PoolShape& s, float scale) {
  Graph& graph = inputs[0].graph();
  Tensor y = graph.tensor(result, DType::kF32);
  const bool in_vec4s = s.channels % 4 == 0;
  return {
      .kernel = &kernel,
      .inputs = inputs,
      .outputs = {y},
      .params = pack(kernels::PoolSumParams{count(y), s.height, s.width,
                                            in_vec4s ? s.channels / 4 : s.channels, s.pooled_height,
                                            s.pooled_width, s.padding, s.divide_by_pixels, scale}),
      .constants = {in_vec4s, s.size, s.stride},
      .grid = vec4_grid(count(y), kernel, graph.limits()),
  };
}

/// `gradient`: maps the gradient of the result to that of the input at `variable`; other inputs
/// have none.
Tensor add(Node node, size_t variable, const GradientRule<Tensor(const Tensor&)>& gradient) {
  node.gradient = [gradient](const Tensors& dy) -> Tensors { return {gradient(dy[0])}; };
  node.differentiable = {node.inputs[variable]};
  Tensor y = node.outputs[0];
  y.graph().add(std::move(node));
  return y;
}

Tensor max_gradient(const Tensor& taps, const Tensor& dy, const PoolShape& shape);

/// The value of each window at the tap of its maximum; linear in `values`.
Tensor pick(const Tensor& taps, const Tensor& values, const PoolShape& shape) {
  return add(launch(kernels::pool_pick, {taps, values}, pooled(shape), shape, 1), 1,
             [=](const Tensor& dy) { return max_gradient(taps, dy, shape); });
}

Tensor max_gradient(const Tensor& taps, const Tensor& dy, const PoolShape& shape) {
  return add(launch(kernels::pool_max_gradient, {taps, dy}, image(shape), shape, 1), 1,
             [=](const Tensor& g) { return pick(taps, g, shape); });
}

Node max_node(const Tensor& x, const PoolShape& shape, bool gives_taps) {
  Node node = launch(kernels::pool_max, {x}, pooled(shape), shape, 1);
  node.constants.push_back(gives_taps);
  return node;
}

/// The taps of the maxima, recomputed for the gradient.
Tensor taps_of_maxima(const Tensor& x, const PoolShape& shape) {
  Node node = max_node(x, shape, true);
  Tensor taps = node.outputs[0];
  x.graph().add(std::move(node));
  return taps;
}

}  // namespace

Tensor pool_sum(const Tensor& x, const PoolShape& shape, float scale) {
  return add(launch(kernels::pool_sum, {x}, pooled(shape), shape, scale), 0,
             [=](const Tensor& dy) { return pool_spread(dy, shape, scale); });
}

Tensor pool_spread(const Tensor& x, const PoolShape& shape, float scale) {
  return add(launch(kernels::pool_spread, {x}, image(shape), shape, scale), 0,
             [=](const Tensor& dy) { return pool_sum(dy, shape, scale); });
}

Tensor max_pool2d(const Tensor& x, uint32_t size, uint32_t stride, uint32_t padding) {
  const PoolShape shape = shape_of("max_pool2d", x, size, stride, padding);
  if (is_large(x, shape)) {
    return by_rows("max_pool2d", {x}, pooled_row(shape), [&](const RowPart& part) {
      return max_pool2d(part.xs[0], size, stride, padding);
    });
  }
  return add(max_node(x, shape, false), 0,
             [=](const Tensor& dy) { return max_gradient(taps_of_maxima(x, shape), dy, shape); });
}

Tensor average_pool2d(const Tensor& x, uint32_t size, uint32_t stride, uint32_t padding,
                      AverageOver over) {
  PoolShape shape = shape_of("average_pool2d", x, size, stride, padding);
  if (is_large(x, shape)) {
    return by_rows("average_pool2d", {x}, pooled_row(shape), [&](const RowPart& part) {
      return average_pool2d(part.xs[0], size, stride, padding, over);
    });
  }
  shape.divide_by_pixels = over == AverageOver::kPixels;
  return pool_sum(x, shape, shape.divide_by_pixels ? 1 : 1 / static_cast<float>(size * size));
}

}  // namespace pumice::ops
