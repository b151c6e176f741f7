#include "engine/graph/levels.h"

#include "engine/graph/accesses.h"

namespace pumice {

std::vector<Level> in_sequence(const std::vector<const Node*>& nodes) {
  std::vector<Level> levels;
  levels.reserve(nodes.size());
  for (const Node* node : nodes) levels.push_back({node});
  return levels;
}

std::vector<Level> in_fewest_levels(const Graph& graph, const std::vector<const Node*>& nodes) {
  Accesses accesses(graph);
  std::vector<Level> levels;
  for (const Node* node : nodes) {
    const size_t level = accesses.level_of(*node);
    accesses.add(*node, level);
    if (level == levels.size()) levels.emplace_back();
    levels[level].push_back(node);
  }
  return levels;
}

}  // namespace pumice
