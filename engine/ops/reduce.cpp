#include <algorithm>
#include <numeric>

#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "kernels/reduce.h"
#include "kernels/reduce_columns.h"

namespace pumice::ops {
namespace {

/// As in shaders/reduce/reduce.comp.
enum class Operation : uint32_t { kSum, kMaximum, kMinimum };

// Below this many threads a long axis is folded in two launches, to occupy the device.
constexpr uint64_t kEnoughThreads = 4096;
constexpr uint64_t kShortAxis = 256;

uint32_t chunks_for(uint64_t kept, uint64_t reduced) {
  if (reduced <= kShortAxis || kept >= kEnoughThreads) return 1;
  return static_cast<uint32_t>(std::min<uint64_t>(kEnoughThreads / kept, reduced / 32));
}

std::vector<std::byte> pack_params(const Tensor& x, uint32_t reduced, uint32_t inner,
                                   uint32_t chunks, float scale) {
  return pack(kernels::ReduceParams{
      .outer = x.shape()[0], .reduced = reduced, .inner = inner, .chunks = chunks, .scale = scale});
}

/// x[outer, reduced, inner] -> [outer, chunks, inner], by vec4s where the inner axis or the reduced
/// one, if it is the innermost, has whole ones.
Tensor launch(const Tensor& x, Operation operation, uint32_t chunks, float scale) {
  Graph& graph = x.graph();
  const uint32_t reduced = x.shape()[1], inner = x.shape()[2];
  Tensor y = graph.tensor({x.shape()[0], chunks, inner}, DType::kF32);
  const bool has_columns = inner % 4 == 0;
  const bool has_rows = inner == 1 && reduced % 4 == 0 && chunks <= reduced / 4;
  const hal::Kernel& kernel = has_columns ? kernels::reduce_columns : kernels::reduce;
  Node node = {
      .kernel = &kernel,
      .inputs = {x},
      .outputs = {y},
      .params = pack_params(x, has_rows ? reduced / 4 : reduced, has_columns ? inner / 4 : inner,
                            chunks, scale),
      .constants = {static_cast<uint32_t>(operation)},
      .grid = grid_for(has_columns ? y.size() / 4 : (y.size() + 3) / 4 * 4, kernel, graph.limits()),
  };
  if (!has_columns) node.constants.push_back(has_rows);
  graph.add(std::move(node));
  return y;
}

Tensor fold(const Tensor& x, Operation operation, float scale) {
  const uint32_t inner = x.shape()[2];
  const uint64_t threads = uint64_t{x.shape()[0]} * (inner % 4 == 0 ? inner / 4 : inner);
  const uint32_t chunks = chunks_for(threads, x.shape()[1]);
  if (chunks == 1) return launch(x, operation, 1, scale);
  return launch(launch(x, operation, chunks, 1), operation, 1, scale);
}

std::vector<bool> reduced_axes(std::string_view op, const Shape& shape,
                               const std::vector<int>& axes) {
  std::vector<bool> reduced(shape.rank(), false);
  for (int axis : axes) reduced[axis_index(op, shape, axis)] = true;
  return reduced;
}

Shape result_shape(const Shape& shape, const std::vector<bool>& reduced, bool keep_axes) {
  std::vector<uint32_t> extents;
  for (uint32_t axis = 0; axis < shape.rank(); ++axis) {
    if (!reduced[axis]) extents.push_back(shape.extents()[axis]);
    if (reduced[axis] && keep_axes) extents.push_back(1);
  }
  return Shape(std::move(extents));
}

/// Folds runs of neighbouring axes, the last run first, so that the outer extents stay valid.
Tensor fold_axes(const Tensor& x, Operation operation, std::vector<bool> reduced, float scale) {
  const std::vector<uint32_t>& extents = x.shape().extents();
  auto product = [&](size_t from, size_t to) {
    return std::accumulate(extents.begin() + from, extents.begin() + to, 1u, std::multiplies<>());
  };
  Graph& graph = x.graph();
  Tensor current = x;
  uint32_t inner = 1;
  for (size_t end = extents.size(); end > 0;) {
    size_t begin = end - 1;
    while (begin > 0 && reduced[begin - 1] == reduced[end - 1]) --begin;
    if (reduced[begin]) {
      Tensor matrix = graph.view(current, {product(0, begin), product(begin, end), inner});
      current = fold(matrix, operation, scale);
      scale = 1;
    } else {
      inner *= product(begin, end);
    }
    end = begin;
  }
  return current;
}

using Rule = GradientRule<Tensor(const Tensor& dy, const Tensor& y)>;

/// `rule` gets dy and y with the reduced axes kept as extents of 1.
Tensor reduce(std::string_view op, Operation operation, const Tensor& x,
              const std::vector<int>& axes, bool keep_axes, float scale, const Rule& rule) {
  require_f32(op, x);
  const std::vector<bool> reduced = reduced_axes(op, x.shape(), axes);
  if (std::none_of(reduced.begin(), reduced.end(), [](bool is) { return is; })) return x;
  const Shape kept = result_shape(x.shape(), reduced, true);
  Graph& graph = x.graph();
  Tensor folded = fold_axes(x, operation, reduced, scale);
  Tensor y = graph.view(folded, result_shape(x.shape(), reduced, keep_axes));
  graph.add({
      .inputs = {folded},
      .outputs = {y},
      .gradient = [rule, y, kept](const Tensors& dy) -> Tensors {
        return {rule(reshape(dy[0], kept), reshape(y, kept))};
      },
      .differentiable = {x},
  });
  return y;
}

Rule spread_evenly(const Shape& shape, float scale) {
  return [shape, scale](const Tensor& dy, const Tensor&) {
    return broadcast_to(scale == 1 ? dy : affine(dy, scale, 0), shape);
  };
}

Rule share_among_ties(const Tensor& x, const std::vector<int>& axes) {
  return [x, axes](const Tensor& dy, const Tensor& y) {
    Tensor ties = equal(x, y);
    return multiply(ties, divide(dy, sum(ties, axes, true)));
  };
}

std::vector<int> all_axes(const Tensor& x) {
  std::vector<int> axes(x.shape().rank());
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

}  // namespace

Tensor sum(const Tensor& x, const std::vector<int>& axes, bool keep_axes) {
  return reduce("sum", Operation::kSum, x, axes, keep_axes, 1, spread_evenly(x.shape(), 1));
}

Tensor mean(const Tensor& x, const std::vector<int>& axes, bool keep_axes) {
  const Shape rest = result_shape(x.shape(), reduced_axes("mean", x.shape(), axes), false);
  auto scale = static_cast<float>(static_cast<double>(rest.size()) / x.size());
  return reduce("mean", Operation::kSum, x, axes, keep_axes, scale,
                spread_evenly(x.shape(), scale));
}

Tensor max(const Tensor& x, const std::vector<int>& axes, bool keep_axes) {
  return reduce("max", Operation::kMaximum, x, axes, keep_axes, 1, share_among_ties(x, axes));
}

Tensor min(const Tensor& x, const std::vector<int>& axes, bool keep_axes) {
  return reduce("min", Operation::kMinimum, x, axes, keep_axes, 1, share_among_ties(x, axes));
}

Tensor sum(const Tensor& x) { return sum(x, all_axes(x)); }
Tensor mean(const Tensor& x) { return mean(x, all_axes(x)); }

}  // namespace pumice::ops
