#include "engine/base/require.h"
#include "engine/graph/backward.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"

namespace pumice::ops {
namespace {

std::vector<uint64_t> ends_of(const Tensors& parts) {
  std::vector<uint64_t> ends;
  for (const Tensor& part : parts) ends.push_back((ends.empty() ? 0 : ends.back()) + part.size());
  return ends;
}

/// The numbers of `x`, split into the shapes of `parts`.
Tensors split(const Tensor& x, const Tensors& parts) {
  Tensors split = runs(x, ends_of(parts));
  for (size_t i = 0; i < parts.size(); ++i) split[i] = reshape(split[i], parts[i].shape());
  return split;
}

void store_whole(const Tensor& value, const Tensor& target) {
  Graph& graph = value.graph();
  if (graph.place(value, target)) return;
  // A buffer must not be bound for both reading and writing, so copy through an activation.
  bool same_buffer = graph.info(value).external == graph.info(target).external;
  Tensor source = same_buffer ? affine(value, 1, 0) : value;
  bool placed = graph.place(affine(source, 1, 0), target);
  require(placed, "store: a fresh copy could not be placed");
}

}  // namespace

Tensors gradients(const Tensor& loss, const Tensors& with_respect_to) {
  require(loss.size() == 1, "gradients: expects a scalar, got {}", loss.shape());
  return gradients(loss, constant(loss.graph(), loss.shape(), 1), with_respect_to);
}

Tensors gradients(const Tensor& y, const Tensor& weights, const Tensors& with_respect_to) {
  Graph& graph = y.graph();
  const Tensors parts = graph.parts(with_respect_to);
  Tensors found = backward(y, weights, parts, {.add = add, .split = split});
  for (size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) found[i] = constant(graph, parts[i].shape(), 0);
  }
  if (found.size() == with_respect_to.size()) return found;
  Tensors whole;
  for (auto next = found.begin(); const Tensor& tensor : with_respect_to) {
    const auto begin = next;
    next += static_cast<ptrdiff_t>(graph.parts(tensor).size());
    whole.push_back(next - begin == 1 ? *begin : graph.join({begin, next}, tensor.shape()));
  }
  return whole;
}

void store(const Tensor& value, const Tensor& target) {
  const Tensors targets = target.graph().parts(target);
  if (targets.size() == 1) return store_whole(value, target);
  const Tensors values = split(value, targets);
  for (size_t i = 0; i < targets.size(); ++i) store_whole(values[i], targets[i]);
}

}  // namespace pumice::ops
