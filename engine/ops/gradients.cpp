#include "engine/base/require.h"
#include "engine/graph/backward.h"
#include "engine/ops/ops.h"

namespace pumice::ops {

Tensors gradients(const Tensor& loss, const Tensors& with_respect_to) {
  require(loss.size() == 1, "gradients: expects a scalar, got {}", loss.shape());
  Graph& graph = loss.graph();
  Tensor seed = constant(graph, loss.shape(), 1);
  Tensors found = backward(loss, seed, with_respect_to, add);
  for (size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) found[i] = constant(graph, with_respect_to[i].shape(), 0);
  }
  return found;
}

void store(const Tensor& value, const Tensor& target) {
  Graph& graph = value.graph();
  if (graph.place(value, target)) return;
  // One buffer must not be bound for reading and for writing: go by way of an activation.
  bool same_buffer = graph.info(value).external == graph.info(target).external;
  Tensor source = same_buffer ? affine(value, 1, 0) : value;
  bool placed = graph.place(affine(source, 1, 0), target);
  require(placed, "store: a fresh copy could not be placed");
}

}  // namespace pumice::ops
