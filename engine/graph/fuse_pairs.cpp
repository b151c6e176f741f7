#include <algorithm>
#include <iterator>

#include "engine/graph/accesses.h"
#include "engine/graph/fuse.h"

namespace pumice {
namespace {

using Nodes = std::vector<const Node*>;

/// Moves nodes[first] behind nodes[last], and so those between that must stay behind it. Returns
/// where nodes[last] is then, just before the first that was moved; absent, with nothing moved, if
/// that must stay behind, too.
std::optional<size_t> postpone(const Graph& graph, Nodes& nodes, size_t first, size_t last) {
  Accesses moved(graph);
  moved.add(*nodes[first]);
  Nodes stay, follow = {nodes[first]};
  for (size_t i = first + 1; i <= last; ++i) {
    const bool follows = moved.conflict_with(*nodes[i]);
    if (follows && i == last) return std::nullopt;
    if (follows) moved.add(*nodes[i]);
    (follows ? follow : stay).push_back(nodes[i]);
  }
  const auto rest = std::ranges::copy(stay, nodes.begin() + static_cast<ptrdiff_t>(first)).out;
  std::ranges::copy(follow, rest);
  return first + stay.size() - 1;
}

/// Whether nodes[first] was replaced.
bool fuse_with_later(const Graph& graph, FusedNodes& fused, size_t first) {
  Nodes& nodes = fused.nodes;
  for (size_t later = first + 1; later < nodes.size(); ++later) {
    std::optional<Node> both = nodes[first]->together_with(*nodes[later]);
    if (!both) continue;
    both->outputs = nodes[first]->outputs;
    std::ranges::copy(nodes[later]->outputs, std::back_inserter(both->outputs));
    both->label = nodes[first]->label;
    const std::optional<size_t> place = postpone(graph, nodes, first, later);
    if (!place) return false;
    fused.made.push_back(std::move(*both));
    nodes[*place] = &fused.made.back();
    nodes.erase(nodes.begin() + static_cast<ptrdiff_t>(*place) + 1);
    return true;
  }
  return false;
}

}  // namespace

void fuse_pairs(const Graph& graph, FusedNodes& fused) {
  for (size_t i = 0; i < fused.nodes.size();) {
    const bool is_replaced = fused.nodes[i]->together_with && fuse_with_later(graph, fused, i);
    if (!is_replaced) ++i;
  }
}

}  // namespace pumice
