#include <algorithm>
#include <numeric>

#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "kernels/concat.h"
#include "kernels/pad.h"
#include "kernels/slice.h"

namespace pumice::ops {
namespace {

/// The number of elements in one step along `axis`.
uint32_t inner_size(const Shape& shape, uint32_t axis) {
  return std::accumulate(shape.begin() + axis + 1, shape.end(), 1u, std::multiplies<>());
}

/// How many elements a kernel processes at once: a vec4 if all of `sizes` are multiples of 4.
uint32_t elements_at_once(const std::vector<uint32_t>& sizes) {
  bool in_vec4s = std::all_of(sizes.begin(), sizes.end(), [](uint32_t n) { return n % 4 == 0; });
  return in_vec4s ? 4 : 1;
}

Tensor concat_pair(const Tensor& a, const Tensor& b, uint32_t axis) {
  uint32_t left = a.shape().extents()[axis];
  uint32_t right = b.shape().extents()[axis];
  require(with_extent(a.shape(), axis, right) == b.shape(),
          "concat: shapes {} and {} differ beyond axis {}", a.shape(), b.shape(), axis);
  Graph& graph = a.graph();
  const Shape result = with_extent(a.shape(), axis, left + right);
  if (!fits(result, graph.limits())) {
    return axis == 0
               ? graph.join({a, b}, result)
               : by_rows("concat", {a, b}, result.size() / result[0], [&](const RowPart& part) {
                   return concat(part.xs, static_cast<int>(axis));
                 });
  }
  Tensor y = graph.tensor(result, DType::kF32);
  const uint32_t inner = inner_size(a.shape(), axis);
  const uint32_t at_once = elements_at_once({left * inner, right * inner});
  graph.add({
      .kernel = &kernels::concat,
      .inputs = {a, b},
      .outputs = {y},
      .params = pack(kernels::ConcatParams{
          .count = count(y), .left = left * inner / at_once, .right = right * inner / at_once}),
      .constants = {at_once == 4},
      .grid = vec4_grid(y.size(), kernels::concat, graph.limits()),
      .gradient = [axis, left, right](const Tensors& dy) -> Tensors {
        int i = static_cast<int>(axis);
        return {slice(dy[0], i, 0, left), slice(dy[0], i, left, right)};
      },
  });
  return y;
}

Tensor slice_of_parts(const Tensor& x, uint32_t axis, uint32_t start, const Shape& result) {
  if (axis > 0) {
    return by_rows("slice", {x}, 1, [&](const RowPart& part) {
      return slice(part.xs[0], static_cast<int>(axis), start, result.extents()[axis]);
    });
  }
  const uint64_t row = inner_size(x.shape(), 0);
  const uint64_t begin = start * row, end = begin + result.size();
  std::vector<uint64_t> ends = {end};
  if (begin > 0) ends.insert(ends.begin(), begin);
  if (end < x.size()) ends.push_back(x.size());
  return reshape(runs(x, ends)[begin > 0 ? 1 : 0], result);
}

Tensor pad_by_parts(const Tensor& x, uint32_t axis, uint32_t start, const Shape& result) {
  if (axis > 0) {
    return by_rows("pad", {x}, result.size() / result[0], [&](const RowPart& part) {
      return pad(part.xs[0], static_cast<int>(axis), start, result.extents()[axis]);
    });
  }
  Tensors parts;
  const uint32_t end = start + x.shape()[0];
  if (start > 0) parts.push_back(constant(x.graph(), with_rows(x.shape(), start), 0));
  parts.push_back(x);
  if (end < result[0])
    parts.push_back(constant(x.graph(), with_rows(x.shape(), result[0] - end), 0));
  return join(parts, result);
}

}  // namespace

Tensor reshape(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  require(x.size() == shape.size(), "reshape: {} does not fit {}", x.shape(), shape);
  if (!fits(x)) return x.graph().join({x}, shape);  // the same parts
  Tensor y = x.graph().view(x, shape);
  x.graph().add({
      .inputs = {x},
      .outputs = {y},
      .gradient = [from = x.shape()](const Tensors& dy) -> Tensors {
        return {reshape(dy[0], from)};
      },
  });
  return y;
}

Tensor slice(const Tensor& x, int axis, uint32_t start, uint32_t length) {
  require_f32("slice", x);
  uint32_t index = axis_index("slice", x.shape(), axis);
  uint32_t extent = x.shape().extents()[index];
  require(length > 0 && uint64_t{start} + length <= extent,
          "slice: {} elements from {} are not within axis {} of {}", length, start, axis,
          x.shape());
  if (length == extent) return x;
  const Shape result = with_extent(x.shape(), index, length);
  if (!fits(x)) return slice_of_parts(x, index, start, result);
  Graph& graph = x.graph();
  Tensor y = graph.tensor(result, DType::kF32);
  const uint32_t inner = inner_size(x.shape(), index);
  const uint32_t at_once = elements_at_once({length * inner, extent * inner, start * inner});
  graph.add({
      .kernel = &kernels::slice,
      .inputs = {x},
      .outputs = {y},
      .params = pack(kernels::SliceParams{.count = count(y),
                                          .piece = length * inner / at_once,
                                          .full = extent * inner / at_once,
                                          .start = start * inner / at_once}),
      .constants = {at_once == 4},
      .grid = vec4_grid(y.size(), kernels::slice, graph.limits()),
      .gradient = [axis, start, extent](const Tensors& dy) -> Tensors {
        return {pad(dy[0], axis, start, extent)};
      },
  });
  return y;
}

Tensor pad(const Tensor& x, int axis, uint32_t start, uint32_t extent) {
  require_f32("pad", x);
  uint32_t index = axis_index("pad", x.shape(), axis);
  uint32_t length = x.shape().extents()[index];
  require(uint64_t{start} + length <= extent, "pad: {} elements from {} are not within {}", length,
          start, extent);
  if (length == extent) return x;
  const Shape result = with_extent(x.shape(), index, extent);
  Graph& graph = x.graph();
  if (!fits(result, graph.limits())) return pad_by_parts(x, index, start, result);
  Tensor y = graph.tensor(result, DType::kF32);
  const uint32_t inner = inner_size(x.shape(), index);
  const uint32_t at_once = elements_at_once({length * inner, extent * inner, start * inner});
  graph.add({
      .kernel = &kernels::pad,
      .inputs = {x},
      .outputs = {y},
      .params = pack(kernels::PadParams{.count = count(y),
                                        .piece = length * inner / at_once,
                                        .full = extent * inner / at_once,
                                        .start = start * inner / at_once}),
      .constants = {at_once == 4},
      .grid = vec4_grid(y.size(), kernels::pad, graph.limits()),
      .gradient = [axis, start, length](const Tensors& dy) -> Tensors {
        return {slice(dy[0], axis, start, length)};
      },
  });
  return y;
}

// By halves, so that each number is copied only a logarithmic number of times.
Tensor concat(const Tensors& parts, int axis) {
  require(!parts.empty(), "concat: expects at least one tensor, got none");
  if (parts.size() == 1) {
    require_f32("concat", parts[0]);
    return parts[0];
  }
  const auto middle = parts.begin() + static_cast<ptrdiff_t>(parts.size() / 2);
  const Tensor left = concat({parts.begin(), middle}, axis);
  const Tensor right = concat({middle, parts.end()}, axis);
  require(left.shape().rank() == right.shape().rank(), "concat: shapes {} and {} differ in rank",
          left.shape(), right.shape());
  return concat_pair(left, right, axis_index("concat", left.shape(), axis));
}

}  // namespace pumice::ops
