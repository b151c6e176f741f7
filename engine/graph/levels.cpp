#include "engine/graph/levels.h"

#include <algorithm>
#include <map>

#include "engine/hal/barriers.h"

namespace pumice {
namespace {

/// An access of a node in a level.
struct Earlier {
  hal::Use use;
  size_t level = 0;
};

/// The accesses of all nodes so far to each external buffer and each activation, by root.
class Accesses {
 public:
  explicit Accesses(const Graph& graph) : graph_(graph) {}

  /// The earliest level in which a node may run.
  size_t level_of(const Node& node) const {
    size_t level = 0;
    for_each(node, [&](const Tensor& tensor, const hal::Use& use) {
      const auto found = uses_.find(memory_of(tensor));
      if (found == uses_.end()) return;
      for (const Earlier& other : found->second) {
        if (conflict(other.use, use)) level = std::max(level, other.level + 1);
      }
    });
    return level;
  }

  void add(const Node& node, size_t level) {
    for_each(node, [&](const Tensor& tensor, const hal::Use& use) {
      uses_[memory_of(tensor)].push_back({use, level});
    });
  }

 private:
  using Memory = std::pair<const hal::Buffer*, uint32_t>;

  Memory memory_of(const Tensor& tensor) const {
    const TensorInfo& info = graph_.info(tensor);
    return info.external ? Memory{info.external.get(), 0} : Memory{nullptr, info.root};
  }

  hal::Use use_of(const Tensor& tensor, bool written) const {
    const TensorInfo& info = graph_.info(tensor);
    return {info.byte_offset, info.byte_offset + padded_bytes(info.shape, info.dtype), written};
  }

  template <typename Visit>
  void for_each(const Node& node, const Visit& visit) const {
    for (const Tensor& tensor : node.inputs) visit(tensor, use_of(tensor, false));
    for (const Tensor& tensor : node.updates) visit(tensor, use_of(tensor, true));
    for (const Tensor& tensor : node.outputs) visit(tensor, use_of(tensor, true));
  }

  const Graph& graph_;
  std::map<Memory, std::vector<Earlier>> uses_;
};

}  // namespace

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
