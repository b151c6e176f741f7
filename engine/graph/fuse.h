#pragma once

#include <deque>
#include <vector>

#include "engine/graph/graph.h"

namespace pumice {

/// Nodes in execution order, some of them made by fusing others of a graph.
struct FusedNodes {
  std::vector<const Node*> nodes;
  std::deque<Node> made;
};

/// Replaces a product or sum that only the gradient of an activation reads, together with that
/// gradient, by one node: see Node::times_derivative. `nodes`: of the graph, in execution order;
/// `kept`: tensors that are read afterwards.
FusedNodes fuse_derivatives(const Graph& graph, const std::vector<const Node*>& nodes,
                            const Tensors& kept);

}  // namespace pumice
