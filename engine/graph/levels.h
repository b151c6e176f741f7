#pragma once

#include <vector>

#include "engine/graph/graph.h"

namespace pumice {

/// Nodes that run between two barriers: none of them needs what another one writes.
using Level = std::vector<const Node*>;

/// One level for each node, in the given order: for devices that gain nothing from running nodes at
/// the same time.
std::vector<Level> in_sequence(const std::vector<const Node*>& nodes);

/// Each node in the earliest level that is later than those of the nodes it depends on. `nodes` in
/// execution order. Depends on the graph alone, so the same graph always runs in the same order.
std::vector<Level> in_fewest_levels(const Graph& graph, const std::vector<const Node*>& nodes);

}  // namespace pumice
