#pragma once

#include "engine/graph/graph.h"

namespace pumice::ops {

/// The node that writes the activation to which `x` belongs, for ops that look at how their input
/// is made; null for external memory.
inline const Node* producer_of(const Tensor& x) {
  const Graph& graph = x.graph();
  const TensorInfo& root = graph.info(graph.info(x).root);
  if (root.external || root.producer < 0) return nullptr;
  return &graph.nodes()[static_cast<size_t>(root.producer)];
}

}  // namespace pumice::ops
