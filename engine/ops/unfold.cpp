#include "engine/ops/unfold.h"

#include "engine/base/divide_up.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/sum_terms.h"
#include "kernels/fold.h"
#include "kernels/sum_parts.h"
#include "kernels/swap_last_axes.h"
#include "kernels/unfold.h"

namespace pumice::ops {
namespace {

/// All kernels have the same params.
std::vector<std::byte> pack_params(const ConvShape& shape, float slope) {
  return pack(kernels::FoldParams{shape.batch, shape.in_height, shape.in_width, shape.in_channels,
                                  shape.out_height, shape.out_width, shape.out_channels,
                                  shape.kernel_height, shape.kernel_width, shape.stride, shape.top,
                                  shape.left, slope});
}

/// Whether one thread per vec4 would leave a GPU mostly idle.
bool is_narrow(const Tensor& x) {
  constexpr uint32_t kFewParts = 8;
  constexpr uint64_t kManyNumbers = 1u << 18;
  return x.graph().limits().prefers.many_threads && x.shape()[0] >= kFewParts &&
         x.size() / x.shape()[0] < kManyNumbers;
}

}  // namespace

Tensor unfold(const Tensor& x, const ConvShape& shape) {
  Graph& graph = x.graph();
  uint32_t columns = round_up(shape.taps() * shape.in_channels, 4u);
  Tensor u = graph.tensor({static_cast<uint32_t>(shape.out_pixels()), columns}, DType::kF32);
  graph.add({
      .kernel = &kernels::unfold,
      .inputs = {x},
      .outputs = {u},
      .params = pack_params(shape, 0),
      .constants = {shape.transposed},
      .grid = grid_for(shape.out_pixels(), kernels::unfold, graph.limits()),
  });
  return u;
}

Tensor fold(const Tensor& z, const ConvShape& shape, const Epilogue& epilogue) {
  Graph& graph = z.graph();
  Tensor y = graph.tensor({shape.batch, shape.out_height, shape.out_width, shape.out_channels},
                          DType::kF32);
  const bool has_bias = static_cast<bool>(epilogue.bias);
  graph.add({
      .kernel = &kernels::fold,
      .inputs = {z, has_bias ? epilogue.bias : z},
      .outputs = {y},
      .params = pack_params(shape, epilogue.slope),
      .constants = pack_constants(
          kernels::FoldConstants{.activation = static_cast<uint32_t>(epilogue.activation),
                                 .has_bias = has_bias,
                                 .transposed = shape.transposed}),
      .grid = grid_for(shape.out_pixels(), kernels::fold, graph.limits()),
  });
  return y;
}

Tensor sum_parts(const Tensor& x) {
  Graph& graph = x.graph();
  Tensor y = graph.tensor({x.shape()[1], x.shape()[2]}, DType::kF32);
  if (is_narrow(x)) {
    graph.add(sum_terms(x, y));
    return y;
  }
  graph.add({
      .kernel = &kernels::sum_parts,
      .inputs = {x},
      .outputs = {y},
      .params = pack(kernels::SumPartsParams{.parts = x.shape()[0], .quads = count(y) / 4}),
      .grid = vec4_grid(count(y), kernels::sum_parts, graph.limits()),
  });
  return y;
}

Tensor swap_last_axes(const Tensor& x) {
  Graph& graph = x.graph();
  const uint32_t outer = x.shape()[0], rows = x.shape()[1], columns = x.shape()[2];
  if (rows == 1 || columns == 1) return graph.view(x, {outer, columns, rows});
  Tensor y = graph.tensor({outer, columns, rows}, DType::kF32);
  graph.add({
      .kernel = &kernels::swap_last_axes,
      .inputs = {x},
      .outputs = {y},
      .params = pack(kernels::SwapLastAxesParams{.outer = outer, .rows = rows, .columns = columns}),
      .grid = vec4_grid(count(y), kernels::swap_last_axes, graph.limits()),
  });
  return y;
}

}  // namespace pumice::ops
