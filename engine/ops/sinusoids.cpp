#include "kernels/sinusoids.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"

namespace pumice::ops {

Tensor sinusoids(const Tensor& t, uint32_t size) {
  require_f32("sinusoids", t);
  require(t.shape().rank() == 1, "sinusoids: expects times [B], got {}", t.shape());
  require(size > 0 && size % 2 == 0, "sinusoids: expects an even size of at least 2, got {}", size);
  Graph& graph = t.graph();
  Tensor y = graph.tensor({t.shape()[0], size}, DType::kF32);
  graph.add({
      .kernel = &kernels::sinusoids,
      .inputs = {t},
      .outputs = {y},
      .params = pack(kernels::SinusoidsParams{.count = count(y), .size = size}),
      .grid = vec4_grid(y.size(), kernels::sinusoids, graph.limits()),
  });
  return y;
}

}  // namespace pumice::ops
