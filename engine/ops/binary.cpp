#include "engine/base/require.h"
#include "engine/ops/binary_launch.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"

namespace pumice::ops {
namespace {

using kernels::name_of;
std::vector<uint32_t> constants_of(kernels::Binary operation, const BinaryLaunch& launch) {
  std::vector<uint32_t> all = {static_cast<uint32_t>(operation)};
  all.insert(all.end(), launch.constants.begin(), launch.constants.end());
  return all;
}

using BinaryRule =
    GradientRule<Tensors(const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor& y)>;

/// Whether `x` has its own rows along the result's first axis, rather than being repeated.
bool has_rows_of(const Shape& result, const Tensor& x) {
  return x.shape().rank() == result.rank() && x.shape()[0] == result[0];
}

/// Applies `op` to parts of the result: runs of numbers or, if an operand is repeated, groups of
/// rows. Operands with a single number or without rows of their own are passed to every part.
Tensor binary_by_parts(std::string_view name, const Tensor& a, const Tensor& b, const Shape& result,
                       const std::function<Tensor(const Tensor& a, const Tensor& b)>& op) {
  auto has_all = [&](const Tensor& x) { return x.shape() == result; };
  const bool flat = (has_all(a) || a.size() == 1) && (has_all(b) || b.size() == 1);
  const bool splits_a = flat ? has_all(a) : has_rows_of(result, a);
  const bool splits_b = flat ? has_all(b) : has_rows_of(result, b);
  Tensors xs;
  if (splits_a) xs.push_back(a);
  if (splits_b) xs.push_back(b);
  auto of_part = [&](const RowPart& part) {
    return op(splits_a ? part.xs.front() : a, splits_b ? part.xs.back() : b);
  };
  if (flat) return by_runs(xs, of_part);
  return by_rows(name, xs, result.size() / result[0], of_part);
}

Tensor binary(kernels::Binary operation, const Tensor& a, const Tensor& b, const BinaryRule& rule) {
  require_f32(name_of(operation), a);
  require_f32(name_of(operation), b);
  Graph& graph = a.graph();
  const Shape result = broadcast(a.shape(), b.shape());
  if (!fits(result, graph.limits())) {
    return binary_by_parts(name_of(operation), a, b, result, [&](const Tensor& a, const Tensor& b) {
      return binary(operation, a, b, rule);
    });
  }
  Tensor y = graph.tensor(result, DType::kF32);
  const BinaryLaunch launch = choose_binary_launch(a, b, y);
  graph.add({
      .kernel = launch.kernel,
      .inputs = {a, b},
      .outputs = {y},
      .params = launch.params,
      .constants = constants_of(operation, launch),
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
  const bool has_rows = has_rows_of(shape, x);
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
  return binary(kernels::Binary::kAdd, a, b,
                [](const Tensor& dy, const Tensor&, const Tensor&, const Tensor&) -> Tensors {
                  return {dy, dy};
                });
}

Tensor subtract(const Tensor& a, const Tensor& b) {
  return binary(kernels::Binary::kSubtract, a, b,
                [](const Tensor& dy, const Tensor&, const Tensor&, const Tensor&) -> Tensors {
                  return {dy, negate(dy)};
                });
}

Tensor multiply(const Tensor& a, const Tensor& b) {
  return binary(kernels::Binary::kMultiply, a, b,
                [](const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor&) -> Tensors {
                  return {multiply(dy, b), multiply(dy, a)};
                });
}

Tensor divide(const Tensor& a, const Tensor& b) {
  return binary(kernels::Binary::kDivide, a, b,
                [](const Tensor& dy, const Tensor&, const Tensor& b, const Tensor& y) -> Tensors {
                  Tensor scaled = divide(dy, b);
                  return {scaled, negate(multiply(scaled, y))};
                });
}

Tensor maximum(const Tensor& a, const Tensor& b) {
  return binary(kernels::Binary::kMaximum, a, b,
                [](const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor&) -> Tensors {
                  Tensor to_b = greater(b, a);
                  return {multiply(dy, affine(to_b, -1, 1)), multiply(dy, to_b)};
                });
}

Tensor minimum(const Tensor& a, const Tensor& b) {
  return binary(kernels::Binary::kMinimum, a, b,
                [](const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor&) -> Tensors {
                  Tensor to_b = greater(a, b);
                  return {multiply(dy, affine(to_b, -1, 1)), multiply(dy, to_b)};
                });
}

Tensor equal(const Tensor& a, const Tensor& b) {
  return binary(kernels::Binary::kEqual, a, b, nullptr);
}

Tensor greater(const Tensor& a, const Tensor& b) {
  return binary(kernels::Binary::kGreater, a, b, nullptr);
}

Tensor broadcast_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  require_f32("broadcast_to", x);
  require(broadcast(x.shape(), shape) == shape, "broadcast_to: {} does not broadcast to {}",
          x.shape(), shape);
  Graph& graph = x.graph();
  if (!fits(shape, graph.limits())) return broadcast_by_rows(x, shape);
  Tensor y = graph.tensor(shape, DType::kF32);
  const BinaryLaunch launch = choose_binary_launch(x, x, y);
  graph.add({
      .kernel = launch.kernel,
      .inputs = {x, x},
      .outputs = {y},
      .params = launch.params,
      .constants = constants_of(kernels::Binary::kFirst, launch),
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
