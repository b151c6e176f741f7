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

/// Replaces a node and a later one by one node that does the work of both: see Node::together_with.
/// It takes the place of the later one; nodes between them that need the first one's results
/// follow.
void fuse_pairs(const Graph& graph, FusedNodes& fused);

/// Replaces a product or sum that only the gradient of an activation reads, together with that
/// gradient, by one node: see Node::times_derivative. `nodes`: of the graph, in execution order;
/// `kept`: tensors that are read afterwards.
FusedNodes fuse_derivatives(const Graph& graph, const std::vector<const Node*>& nodes,
                            const Tensors& kept);

}  // namespace pumice
