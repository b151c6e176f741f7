#include <algorithm>
#include <functional>
#include <numeric>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/constant.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "engine/ops/sum_terms.h"
#include "kernels/reduce.h"
#include "kernels/reduce_columns.h"

namespace pumice::ops {
namespace {

// With fewer threads than this, a long axis is folded in two launches, to occupy the device.
constexpr uint64_t kEnoughThreads = 4096;
constexpr uint64_t kShortAxis = 256;

#ifdef PUMICE_INFERENCE_ONLY
constexpr bool kKnowsGpus = false;  // the page: browsers do not say what their device is
#else
constexpr bool kKnowsGpus = true;
#endif

// On a GPU, where the steps of a thread are slow and launches are cheap, each launch folds this
// many numbers (or vec4s) into one, until few are left.
constexpr uint32_t kStepsOnGpu = 32;

uint32_t chunks_on_gpu(uint64_t kept, uint64_t steps) {
  constexpr uint64_t kThreadsOnGpu = 65536;
  if (steps <= 2 * kStepsOnGpu || kept >= kThreadsOnGpu) return 1;
  return static_cast<uint32_t>(std::min(kThreadsOnGpu / kept, steps / kStepsOnGpu));
}

/// Whether sum_terms.comp, where several threads share a sum, can fold the axis in one launch: the
/// bias of a batch.
bool sums_in_one_launch(const Tensor& x, kernels::Fold operation, float scale) {
  constexpr uint32_t kMostTerms = 16 * kStepsOnGpu;
  const uint32_t outer = x.shape()[0], reduced = x.shape()[1], inner = x.shape()[2];
  return operation == kernels::Fold::kSum && scale == 1 && outer == 1 && inner % 4 == 0 &&
         reduced > 2 * kStepsOnGpu && reduced <= kMostTerms;
}

uint32_t chunks_for(uint64_t kept, uint64_t reduced) {
  if (reduced <= kShortAxis || kept >= kEnoughThreads) return 1;
  return static_cast<uint32_t>(std::min<uint64_t>(kEnoughThreads / kept, reduced / 32));
}

std::vector<std::byte> pack_params(const Tensor& x, uint32_t reduced, uint32_t inner,
                                   uint32_t chunks, float scale) {
  return pack(kernels::ReduceParams{
      .outer = x.shape()[0], .reduced = reduced, .inner = inner, .chunks = chunks, .scale = scale});
}

/// x[outer, reduced, inner] -> [outer, chunks, inner]. Works in vec4s if the innermost axis
/// (reduced, if inner = 1) is a multiple of 4.
Tensor launch(const Tensor& x, kernels::Fold operation, uint32_t chunks, float scale) {
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
      .grid = grid_for(has_columns ? y.size() / 4 : round_up(y.size(), 4u), kernel, graph.limits()),
  };
  if (!has_columns) node.constants.push_back(has_rows);
  graph.add(std::move(node));
  return y;
}

Tensor fold_on_gpu(const Tensor& x, kernels::Fold operation, float scale, uint64_t threads) {
  Graph& graph = x.graph();
  const uint32_t reduced = x.shape()[1], inner = x.shape()[2];
  if (sums_in_one_launch(x, operation, scale)) {
    Tensor y = graph.tensor({1, 1, inner}, DType::kF32);
    graph.add(sum_terms(graph.view(x, {reduced, inner}), y));
    return y;
  }
  const bool in_vec4s = inner == 1 && reduced % 4 == 0;
  const uint32_t few = chunks_on_gpu(threads, in_vec4s ? reduced / 4 : reduced);
  if (few == 1) return launch(x, operation, 1, scale);
  return fold_on_gpu(launch(x, operation, few, 1), operation, scale, threads);
}

Tensor fold(const Tensor& x, kernels::Fold operation, float scale) {
  const uint32_t inner = x.shape()[2];
  const uint64_t threads = uint64_t{x.shape()[0]} * (inner % 4 == 0 ? inner / 4 : inner);
  if (kKnowsGpus && x.graph().limits().prefers.many_threads) {
    return fold_on_gpu(x, operation, scale, threads);
  }
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
Tensor fold_axes(const Tensor& x, kernels::Fold operation, std::vector<bool> reduced, float scale) {
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

/// What an op computes from the numbers along the axes.
struct Reduction {
  std::string_view name;
  kernels::Fold operation = kernels::Fold::kSum;
  float scale = 1;  ///< applied to sums
};

/// The gradient of x. In dy and y the reduced axes are kept with extent 1.
Tensor reduction_gradient(const Reduction& reduction, const Tensor& x, const std::vector<int>& axes,
                          const Tensor& dy, const Tensor& y) {
  if (reduction.operation == kernels::Fold::kSum) {
    return repeated(reduction.scale == 1 ? dy : scaled(dy, reduction.scale), x.shape());
  }
  Tensor ties = equal(x, y);
  return multiply(ties, divide(dy, sum(ties, axes, true)));
}

std::vector<int> all_axes(const Tensor& x) {
  std::vector<int> axes(x.shape().rank());
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

Tensor reduce(const Reduction& reduction, const Tensor& x, const std::vector<int>& axes,
              bool keep_axes);

/// Reduces each part, and then the results.
Tensor reduce_by_rows(const Reduction& reduction, const Tensor& x, const std::vector<int>& axes,
                      const Shape& result) {
  const std::vector<bool> reduced = reduced_axes(reduction.name, x.shape(), axes);
  auto of_part = [&](const RowPart& part) { return reduce(reduction, part.xs[0], axes, true); };
  if (!reduced[0]) return reshape(by_rows(reduction.name, {x}, 1, of_part), result);
  if (x.shape().rank() > 1 && std::all_of(reduced.begin(), reduced.end(), std::identity())) {
    return reshape(reduce(reduction, reshape(x, {count(x)}), {0}, false), result);
  }
  Tensors parts;
  for (const RowPart& part : row_parts(reduction.name, x.graph(), x.shape()[0], {x}, 1)) {
    parts.push_back(of_part(part));
  }
  Tensor rest = concat(parts, 0);
  require(rest.size() < x.size(),
          "{}: two of the {} rows of {} take {} bytes, the device binds at most {}", reduction.name,
          x.shape()[0], x.shape(), 2 * sizeof(float) * x.size() / x.shape()[0],
          x.graph().limits().max_binding_bytes);
  return reshape(reduce({reduction.name, reduction.operation}, rest, {0}, false), result);
}

Tensor reduce(const Reduction& reduction, const Tensor& x, const std::vector<int>& axes,
              bool keep_axes) {
  require_f32(reduction.name, x);
  const std::vector<bool> reduced = reduced_axes(reduction.name, x.shape(), axes);
  if (std::none_of(reduced.begin(), reduced.end(), std::identity())) return x;
  const Shape kept = result_shape(x.shape(), reduced, true);
  const Shape result = result_shape(x.shape(), reduced, keep_axes);
  if (!fits(x)) return reduce_by_rows(reduction, x, axes, result);
  Graph& graph = x.graph();
  Tensor folded = fold_axes(x, reduction.operation, reduced, reduction.scale);
  Tensor y = graph.view(folded, result);
  graph.add({
      .inputs = {folded},
      .outputs = {y},
      .gradient = [reduction, x, axes, y, kept](const Tensors& dy) -> Tensors {
        return {reduction_gradient(reduction, x, axes, reshape(dy[0], kept), reshape(y, kept))};
      },
      .differentiable = {x},
  });
  return y;
}

}  // namespace

Tensor sum(const Tensor& x, const std::vector<int>& axes, bool keep_axes) {
  return reduce({"sum", kernels::Fold::kSum}, x, axes, keep_axes);
}

Tensor mean(const Tensor& x, const std::vector<int>& axes, bool keep_axes) {
  const Shape rest = result_shape(x.shape(), reduced_axes("mean", x.shape(), axes), false);
  auto scale = static_cast<float>(static_cast<double>(rest.size()) / x.size());
  return reduce({"mean", kernels::Fold::kSum, scale}, x, axes, keep_axes);
}

Tensor max(const Tensor& x, const std::vector<int>& axes, bool keep_axes) {
  return reduce({"max", kernels::Fold::kMaximum}, x, axes, keep_axes);
}

Tensor min(const Tensor& x, const std::vector<int>& axes, bool keep_axes) {
  return reduce({"min", kernels::Fold::kMinimum}, x, axes, keep_axes);
}

Tensor sum(const Tensor& x) { return sum(x, all_axes(x)); }
Tensor mean(const Tensor& x) { return mean(x, all_axes(x)); }

}  // namespace pumice::ops
