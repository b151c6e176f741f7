#include <algorithm>
#include <array>

#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "kernels/binary.h"
#include "kernels/binary_broadcast.h"
#include "kernels/binary_repeat.h"

namespace pumice::ops {
namespace {

/// As in shaders/include/binary.glsl.
enum class Operation : uint32_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kMaximum,
  kMinimum,
  kEqual,
  kGreater,
  kFirst
};

/// One axis of the result, or several adjacent ones that both operands walk alike.
struct Axis {
  uint32_t extent = 1;
  uint32_t a_stride = 0;
  uint32_t b_stride = 0;
};

/// Elements between neighbours along each axis of `result`; 0 where `shape` is repeated.
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

/// Whether an operand is walked by whole vec4s, or repeats a number along the innermost axis.
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

/// Whether `x` is walked again and again, by whole vec4s, while `y` is walked once.
bool repeats_in_vec4s(const Shape& x, const Shape& y) {
  if (x == y) return true;
  const std::vector<uint32_t>& all = y.extents();
  auto first = std::find_if(x.begin(), x.end(), [](uint32_t extent) { return extent != 1; });
  return x.size() % 4 == 0 && std::equal(first, x.end(), all.end() - (x.end() - first));
}

/// A kernel for two shapes, the fastest that can take them, and its params.
struct Launch {
  const hal::Kernel* kernel = nullptr;
  std::vector<std::byte> params;
  std::vector<uint32_t> constants;  ///< that follow the operation

  std::vector<uint32_t> constants_of(Operation operation) const {
    std::vector<uint32_t> all = {static_cast<uint32_t>(operation)};
    all.insert(all.end(), constants.begin(), constants.end());
    return all;
  }
};

Launch broadcast_launch(const Tensor& a, const Tensor& b, const Tensor& y) {
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

Launch choose_launch(const Tensor& a, const Tensor& b, const Tensor& y) {
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

using Rule =
    GradientRule<Tensors(const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor& y)>;

/// `op` of each part of the result's numbers, or of its rows where an operand repeats; operands
/// that have one number, or no rows of their own, go into all of them.
Tensor binary_by_parts(std::string_view name, const Tensor& a, const Tensor& b, const Shape& result,
                       const std::function<Tensor(const Tensor& a, const Tensor& b)>& op) {
  auto has_all = [&](const Tensor& x) { return x.shape() == result; };
  auto has_rows = [&](const Tensor& x) {
    return x.shape().rank() == result.rank() && x.shape()[0] == result[0];
  };
  const bool flat = (has_all(a) || a.size() == 1) && (has_all(b) || b.size() == 1);
  const bool splits_a = flat ? has_all(a) : has_rows(a);
  const bool splits_b = flat ? has_all(b) : has_rows(b);
  Tensors xs;
  if (splits_a) xs.push_back(a);
  if (splits_b) xs.push_back(b);
  auto of_part = [&](const Tensors& parts) {
    return op(splits_a ? parts.front() : a, splits_b ? parts.back() : b);
  };
  if (flat) return by_runs(xs, of_part);
  return by_rows(name, xs, result.size() / result[0],
                 [&](const RowPart& part) { return of_part(part.xs); });
}

Tensor binary(std::string_view name, Operation operation, const Tensor& a, const Tensor& b,
              const Rule& rule) {
  require_f32(name, a);
  require_f32(name, b);
  Graph& graph = a.graph();
  const Shape result = broadcast(a.shape(), b.shape());
  if (!fits(result, graph.limits())) {
    return binary_by_parts(name, a, b, result, [&](const Tensor& a, const Tensor& b) {
      return binary(name, operation, a, b, rule);
    });
  }
  Tensor y = graph.tensor(result, DType::kF32);
  Launch launch = choose_launch(a, b, y);
  graph.add({
      .kernel = launch.kernel,
      .inputs = {a, b},
      .outputs = {y},
      .params = launch.params,
      .constants = launch.constants_of(operation),
      .grid = vec4_grid(y.size(), *launch.kernel, graph.limits()),
      .gradient = [rule, a, b, y](const Tensors& dy) -> Tensors {
        if (!rule) return {Tensor{}, Tensor{}};
        Tensors both = rule(dy[0], a, b, y);
        return {sum_to(both[0], a.shape()), sum_to(both[1], b.shape())};
      },
  });
  return y;
}

Tensor broadcast_by_rows(const Tensor& x, const Shape& shape) {
  const bool has_rows = x.shape().rank() == shape.rank() && x.shape()[0] == shape[0];
  Tensors parts;
  for (const RowPart& part :
       row_parts("broadcast_to", x.graph(), shape[0], has_rows ? Tensors{x} : Tensors{},
                 shape.size() / shape[0])) {
    parts.push_back(broadcast_to(has_rows ? part.xs[0] : x, with_rows(shape, part.rows)));
  }
  return join(parts, shape);
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b) {
  return binary("add", Operation::kAdd, a, b,
                [](const Tensor& dy, const Tensor&, const Tensor&, const Tensor&) -> Tensors {
                  return {dy, dy};
                });
}

Tensor subtract(const Tensor& a, const Tensor& b) {
  return binary("subtract", Operation::kSubtract, a, b,
                [](const Tensor& dy, const Tensor&, const Tensor&, const Tensor&) -> Tensors {
                  return {dy, negate(dy)};
                });
}

Tensor multiply(const Tensor& a, const Tensor& b) {
  return binary("multiply", Operation::kMultiply, a, b,
                [](const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor&) -> Tensors {
                  return {multiply(dy, b), multiply(dy, a)};
                });
}

Tensor divide(const Tensor& a, const Tensor& b) {
  return binary("divide", Operation::kDivide, a, b,
                [](const Tensor& dy, const Tensor&, const Tensor& b, const Tensor& y) -> Tensors {
                  Tensor scaled = divide(dy, b);
                  return {scaled, negate(multiply(scaled, y))};
                });
}

Tensor maximum(const Tensor& a, const Tensor& b) {
  return binary("maximum", Operation::kMaximum, a, b,
                [](const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor&) -> Tensors {
                  Tensor to_b = greater(b, a);
                  return {multiply(dy, affine(to_b, -1, 1)), multiply(dy, to_b)};
                });
}

Tensor minimum(const Tensor& a, const Tensor& b) {
  return binary("minimum", Operation::kMinimum, a, b,
                [](const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor&) -> Tensors {
                  Tensor to_b = greater(a, b);
                  return {multiply(dy, affine(to_b, -1, 1)), multiply(dy, to_b)};
                });
}

Tensor equal(const Tensor& a, const Tensor& b) {
  return binary("equal", Operation::kEqual, a, b, nullptr);
}

Tensor greater(const Tensor& a, const Tensor& b) {
  return binary("greater", Operation::kGreater, a, b, nullptr);
}

Tensor broadcast_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  require_f32("broadcast_to", x);
  require(broadcast(x.shape(), shape) == shape, "broadcast_to: {} does not broadcast to {}",
          x.shape(), shape);
  Graph& graph = x.graph();
  if (!fits(shape, graph.limits())) return broadcast_by_rows(x, shape);
  Tensor y = graph.tensor(shape, DType::kF32);
  Launch launch = choose_launch(x, x, y);
  graph.add({
      .kernel = launch.kernel,
      .inputs = {x, x},
      .outputs = {y},
      .params = launch.params,
      .constants = launch.constants_of(Operation::kFirst),
      .grid = vec4_grid(y.size(), *launch.kernel, graph.limits()),
      .gradient = [x](const Tensors& dy) -> Tensors { return {sum_to(dy[0], x.shape())}; },
      .differentiable = {x},
  });
  return y;
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  std::vector<int> repeated;
  int extra = static_cast<int>(x.shape().rank()) - static_cast<int>(shape.rank());
  for (int axis = 0; axis < static_cast<int>(x.shape().rank()); ++axis) {
    bool is_new = axis < extra;
    if (is_new || (shape[axis - extra] == 1 && x.shape()[axis] != 1)) repeated.push_back(axis);
  }
  return reshape(repeated.empty() ? x : sum(x, repeated), shape);
}

}  // namespace pumice::ops
