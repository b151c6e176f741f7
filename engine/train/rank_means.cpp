#include "engine/train/rank_means.h"

#include "engine/ops/ops.h"

namespace pumice::train {

Tensor RankMeans::of(const Tensor& x) {
  Graph& graph = x.graph();
  buffers_.push_back(device_.allocate(padded_bytes(x.shape(), DType::kF32), "mean over ranks"));
  const Tensor slot = graph.external(buffers_.back(), x.shape(), DType::kF32);
  ops::store(ops::affine(x, 1, 0), slot);
  const Tensor exchanged = ops::affine(slot, 1, 0);
  const Tensor mean = graph.view(exchanged, x.shape());
  graph.add({.inputs = {exchanged},
             .outputs = {mean},
             .gradient = [this](const Tensors& dy) -> Tensors { return {of(dy[0])}; },
             .differentiable = {x}});
  return mean;
}

}  // namespace pumice::train
