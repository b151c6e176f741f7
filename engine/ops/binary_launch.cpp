#include "engine/ops/binary_launch.h"

#include <algorithm>

#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "kernels/binary.h"
#include "kernels/binary_broadcast.h"
#include "kernels/binary_repeat.h"

namespace pumice::ops {
namespace {

/// One axis of the result, or several adjacent axes that both operands traverse in the same way.
struct Axis {
  uint32_t extent = 1;
  uint32_t a_stride = 0;
  uint32_t b_stride = 0;
};

/// The stride of an operand of this shape along each axis of `result`; 0 where it is repeated.
std::vector<uint32_t> strides(const Shape& shape, const Shape& result) {
  std::vector<uint32_t> all(result.rank(), 0);
  uint32_t stride = 1;
  for (int axis = 1; axis <= static_cast<int>(shape.rank()); ++axis) {
    if (shape[-axis] != 1) all[result.rank() - axis] = stride;
    stride *= shape[-axis];
  }
  return all;
}

/// The result's axes, innermost last, with neighbours merged where both operands allow it.
std::vector<Axis> merged_axes(const Shape& a, const Shape& b, const Shape& result) {
  std::vector<uint32_t> a_strides = strides(a, result);
  std::vector<uint32_t> b_strides = strides(b, result);
  std::vector<Axis> axes;
  for (uint32_t i = 0; i < result.rank(); ++i) {
    Axis inner{result[static_cast<int>(i)], a_strides[i], b_strides[i]};
    if (inner.extent == 1) continue;
    if (!axes.empty() && axes.back().a_stride == inner.a_stride * inner.extent &&
        axes.back().b_stride == inner.b_stride * inner.extent) {
      inner.extent *= axes.back().extent;
      axes.pop_back();
    }
    axes.push_back(inner);
  }
  return axes;
}

std::vector<Axis> four_axes(const Shape& a, const Shape& b, const Shape& result) {
  std::vector<Axis> axes = merged_axes(a, b, result);
  require(axes.size() <= 4, "broadcast: shapes {} and {} alternate over more than four axes", a, b);
  axes.insert(axes.begin(), 4 - axes.size(), Axis{});
  return axes;
}

/// Whether an operand is read in whole vec4s, or repeats one number along the innermost axis.
bool is_for_vec4s(const std::vector<Axis>& axes, uint32_t Axis::*stride) {
  if (axes[3].*stride == 0) return true;
  return axes[3].*stride == 1 && std::all_of(axes.begin(), axes.begin() + 3, [&](const Axis& axis) {
           return axis.*stride % 4 == 0;
         });
}

bool are_for_vec4s(const std::vector<Axis>& axes) {
  return axes[3].extent % 4 == 0 && is_for_vec4s(axes, &Axis::a_stride) &&
         is_for_vec4s(axes, &Axis::b_stride);
}

void count_vec4s(std::vector<Axis>& axes, uint32_t Axis::*stride) {
  if (axes[3].*stride == 0) return;
  for (int i = 0; i < 3; ++i) axes[i].*stride /= 4;
}

kernels::BinaryBroadcastParams broadcast_params(const std::vector<Axis>& axes, const Tensor& y) {
  return {.count = count(y),
          .extent1 = axes[1].extent,
          .extent2 = axes[2].extent,
          .extent3 = axes[3].extent,
          .a0 = axes[0].a_stride,
          .a1 = axes[1].a_stride,
          .a2 = axes[2].a_stride,
          .a3 = axes[3].a_stride,
          .b0 = axes[0].b_stride,
          .b1 = axes[1].b_stride,
          .b2 = axes[2].b_stride,
          .b3 = axes[3].b_stride};
}

/// Whether `x` is repeated, in whole vec4s, while `y` is traversed once.
bool repeats_in_vec4s(const Shape& x, const Shape& y) {
  if (x == y) return true;
  const std::vector<uint32_t>& all = y.extents();
  auto first = std::find_if(x.begin(), x.end(), [](uint32_t extent) { return extent != 1; });
  return x.size() % 4 == 0 && std::equal(first, x.end(), all.end() - (x.end() - first));
}

BinaryLaunch broadcast_launch(const Tensor& a, const Tensor& b, const Tensor& y) {
  std::vector<Axis> axes = four_axes(a.shape(), b.shape(), y.shape());
  const bool in_vec4s = are_for_vec4s(axes);
  const bool spreads_a = in_vec4s && axes[3].a_stride == 0;
  const bool spreads_b = in_vec4s && axes[3].b_stride == 0;
  if (in_vec4s) {
    count_vec4s(axes, &Axis::a_stride);
    count_vec4s(axes, &Axis::b_stride);
    axes[3].extent /= 4;
  }
  return {&kernels::binary_broadcast,
          pack(broadcast_params(axes, y)),
          {in_vec4s, spreads_a, spreads_b}};
}

}  // namespace

BinaryLaunch choose_binary_launch(const Tensor& a, const Tensor& b, const Tensor& y) {
  if (a.shape() == y.shape() && b.shape() == y.shape()) {
    return {&kernels::binary, pack(kernels::BinaryParams{.count = count(y)}), {}};
  }
  if (repeats_in_vec4s(a.shape(), y.shape()) && repeats_in_vec4s(b.shape(), y.shape())) {
    return {&kernels::binary_repeat,
            pack(kernels::BinaryRepeatParams{
                .count = count(y), .a_quads = count(a) / 4, .b_quads = count(b) / 4}),
            {a.shape() != y.shape(), b.shape() != y.shape()}};
  }
  return broadcast_launch(a, b, y);
}

}  // namespace pumice::ops
