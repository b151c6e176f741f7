#include "kernels/dropout.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"

namespace pumice::ops {
namespace {

/// Linear in x, so it is its own gradient, with the same stream.
Tensor drop(const Tensor& x, const Tensor& clock, float rate, uint32_t stream) {
  Graph& graph = x.graph();
  Tensor y = graph.tensor(x.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::dropout,
      .inputs = {x, clock},
      .outputs = {y},
      .params = pack(kernels::DropoutParams{
          .count = count(x), .stream = stream, .rate = rate, .scale = 1 / (1 - rate)}),
      .grid = vec4_grid(x.size(), kernels::dropout, graph.limits()),
      .gradient = [clock, rate, stream](const Tensors& dy) -> Tensors {
        return {drop(dy[0], clock, rate, stream)};
      },
      .differentiable = {x},
  });
  return y;
}

}  // namespace

Tensor dropout(const Tensor& x, const Tensor& clock, float rate) {
  require_f32("dropout", x);
  require(clock.dtype() == DType::kU32 && clock.size() == 4,
          "dropout: expects a clock u32[4], got {} {}", clock.dtype(), clock.shape());
  require(rate >= 0 && rate < 1, "dropout: expects a rate of at least 0 and below 1, got {}", rate);
  if (rate == 0) return x;
  if (!fits(x))
    return by_runs({x}, [&](const Tensors& runs) { return dropout(runs[0], clock, rate); });
  return drop(x, clock, rate, x.graph().next_stream());
}

}  // namespace pumice::ops
