#include "engine/ops/constant.h"

#include <algorithm>
#include <cstring>

#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "engine/ops/producer.h"
#include "kernels/fill.h"

namespace pumice::ops {

Tensor constant(Graph& graph, const Shape& shape, float value) {
  return by_new_runs(graph, shape, [&](const Shape& run, uint32_t) {
    Tensor y = graph.tensor(run, DType::kF32);
    graph.add({
        .kernel = &kernels::fill,
        .outputs = {y},
        .params = pack(kernels::FillParams{.count = count(y), .value = value}),
        .grid = vec4_grid(y.size(), kernels::fill, graph.limits()),
    });
    return y;
  });
}

#ifdef PUMICE_INFERENCE_ONLY
// Without gradients nothing scales constants; the page's program is smaller.
std::optional<float> constant_value(const Tensor&) { return {}; }
#else
namespace {

bool is_updated(const Graph& graph, uint32_t root) {
  return std::any_of(graph.nodes().begin(), graph.nodes().end(), [&](const Node& node) {
    return std::any_of(node.updates.begin(), node.updates.end(),
                       [&](const Tensor& tensor) { return graph.info(tensor).root == root; });
  });
}

}  // namespace

std::optional<float> constant_value(const Tensor& x) {
  const Graph& graph = x.graph();
  const Node* node = producer_of(x);
  if (node == nullptr || node->kernel != &kernels::fill) return {};
  if (is_updated(graph, graph.info(x).root)) return {};
  kernels::FillParams params;
  std::memcpy(&params, node->params.data(), sizeof params);
  return params.value;
}
#endif

Tensor scaled(const Tensor& dy, float scale) {
  const std::optional<float> value = constant_value(dy);
  return value ? constant(dy.graph(), dy.shape(), *value * scale) : affine(dy, scale, 0);
}

Tensor repeated(const Tensor& dy, const Shape& shape) {
  const std::optional<float> value = constant_value(dy);
  return value ? constant(dy.graph(), shape, *value) : broadcast_to(dy, shape);
}

}  // namespace pumice::ops
