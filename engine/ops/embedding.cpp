#include "kernels/embedding.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "kernels/embedding_gradient.h"
#include "kernels/one_hot.h"

namespace pumice::ops {
namespace {

void check_ids(std::string_view op, const Tensor& ids) {
  require(ids.dtype() == DType::kU32 && ids.shape().rank() == 1,
          "{}: expects ids u32 [B], got {} {}", op, ids.dtype(), ids.shape());
}

Tensor embedding_gradient(const Shape& table, const Tensor& ids, const Tensor& dy) {
  Graph& graph = dy.graph();
  Tensor gradient = graph.tensor(table, DType::kF32);
  graph.add({
      .kernel = &kernels::embedding_gradient,
      .inputs = {ids, dy},
      .outputs = {gradient},
      .params = pack(kernels::EmbeddingGradientParams{
          .count = count(gradient), .width = table[1], .batch = ids.shape()[0]}),
      .grid = vec4_grid(gradient.size(), kernels::embedding_gradient, graph.limits()),
      .gradient = [ids](const Tensors& up) -> Tensors { return {embedding(up[0], ids)}; },
      .differentiable = {dy},
  });
  return gradient;
}

}  // namespace

Tensor embedding(const Tensor& table, const Tensor& ids) {
  require_f32("embedding", table);
  require(table.shape().rank() == 2, "embedding: expects a table [N, D], got {}", table.shape());
  check_ids("embedding", ids);
  Graph& graph = table.graph();
  const Shape& shape = table.shape();
  Tensor y = graph.tensor({ids.shape()[0], shape[1]}, DType::kF32);
  graph.add({
      .kernel = &kernels::embedding,
      .inputs = {table, ids},
      .outputs = {y},
      .params =
          pack(kernels::EmbeddingParams{.count = count(y), .rows = shape[0], .width = shape[1]}),
      .grid = vec4_grid(y.size(), kernels::embedding, graph.limits()),
      .gradient = [shape, ids](const Tensors& dy) -> Tensors {
        return {embedding_gradient(shape, ids, dy[0])};
      },
      .differentiable = {table},
  });
  return y;
}

Tensor one_hot(const Tensor& ids, uint32_t classes) {
  check_ids("one_hot", ids);
  require(classes > 0, "one_hot: expects at least one class, got 0");
  Graph& graph = ids.graph();
  Tensor y = graph.tensor({ids.shape()[0], classes}, DType::kF32);
  graph.add({
      .kernel = &kernels::one_hot,
      .inputs = {ids},
      .outputs = {y},
      .params = pack(kernels::OneHotParams{.count = count(y), .classes = classes}),
      .grid = vec4_grid(y.size(), kernels::one_hot, graph.limits()),
  });
  return y;
}

}  // namespace pumice::ops
