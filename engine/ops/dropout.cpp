#include "kernels/dropout.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"

namespace pumice::ops {
namespace {

/// Linear in x, so it is its own gradient, with the same stream. `first`: the index of x's first
/// element in the tensor that it is a part of.
Tensor drop(const Tensor& x, const Tensor& step_state, float rate, uint32_t stream,
            uint32_t first) {
  Graph& graph = x.graph();
  Tensor y = graph.tensor(x.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::dropout,
      .inputs = {x, step_state},
      .outputs = {y},
      .params = pack(kernels::DropoutParams{.count = count(x),
                                            .first = first,
                                            .stream = stream,
                                            .rate = rate,
                                            .scale = 1 / (1 - rate)}),
      .grid = vec4_grid(x.size(), kernels::dropout, graph.limits()),
      .gradient = [step_state, rate, stream, first](const Tensors& dy) -> Tensors {
        return {drop(dy[0], step_state, rate, stream, first)};
      },
      .differentiable = {x},
  });
  return y;
}

}  // namespace

Tensor dropout(const Tensor& x, const Tensor& step_state, float rate) {
  require_f32("dropout", x);
  require(step_state.dtype() == DType::kU32 && step_state.size() == 4,
          "dropout: expects a step state u32[4], got {} {}", step_state.dtype(),
          step_state.shape());
  require(rate >= 0 && rate < 1, "dropout: expects a rate of at least 0 and below 1, got {}", rate);
  if (rate == 0) return x;
  const uint32_t stream = x.graph().next_stream();
  if (fits(x)) return drop(x, step_state, rate, stream, 0);
  return by_runs({x}, [&](const RowPart& run) {
    return drop(run.xs[0], step_state, rate, stream, run.begin);
  });
}

}  // namespace pumice::ops
