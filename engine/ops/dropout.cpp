#include "kernels/dropout.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "engine/ops/row_blocks.h"

namespace pumice::ops {
namespace {

/// Linear in x, so it is its own gradient, with the same stream. `first`: the index of x's first
/// element in the whole batch's tensor.
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

Tensor drop_block(const Tensor& x, const Tensor& step_state, float rate, uint32_t stream,
                  uint32_t place) {
  if (fits(x)) return drop(x, step_state, rate, stream, place);
  return by_runs({x}, [&](const RowPart& run) {
    return drop(run.xs[0], step_state, rate, stream, place + run.begin);
  });
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
  const std::vector<RowBlock> blocks = row_blocks("dropout", x.graph(), x.shape());
  if (blocks.size() == 1) return drop_block(x, step_state, rate, stream, blocks[0].place);
  Tensors results;
  for (uint32_t begin = 0; const RowBlock& block : blocks) {
    const Tensor rows = slice(x, 0, begin, block.shape[0]);
    results.push_back(drop_block(rows, step_state, rate, stream, block.place));
    begin += block.shape[0];
  }
  return join(results, x.shape());
}

}  // namespace pumice::ops
