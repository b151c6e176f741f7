#include "engine/graph/levels.h"

#include <algorithm>
#include <map>

namespace pumice {
namespace {

/// An access of a node to a range of bytes.
struct Use {
  uint64_t begin;
  uint64_t end;
  bool written;
  size_t level;
};

bool conflict(const Use& a, const Use& b) {
  return a.begin < b.end && b.begin < a.end && (a.written || b.written);
}

/// The accesses of all nodes so far to each external buffer and each activation, by root.
class Accesses {
 public:
  explicit Accesses(const Graph& graph) : graph_(graph) {}

  /// The earliest level in which a node may run.
  size_t level_of(const Node& node) const {
    size_t level = 0;
    for_each(node, [&](const Tensor& tensor, const Use& use) {
      const auto earlier = uses_.find(memory_of(tensor));
      if (earlier == uses_.end()) return;
      for (const Use& other : earlier->second) {
        if (conflict(other, use)) level = std::max(level, other.level + 1);
      }
    });
    return level;
  }

  void add(const Node& node, size_t level) {
    for_each(node, [&](const Tensor& tensor, Use use) {
      use.level = level;
      uses_[memory_of(tensor)].push_back(use);
    });
  }

 private:
  using Memory = std::pair<const hal::Buffer*, uint32_t>;

  Memory memory_of(const Tensor& tensor) const {
    const TensorInfo& info = graph_.info(tensor);
    return info.external ? Memory{info.external.get(), 0} : Memory{nullptr, info.root};
  }

  Use use_of(const Tensor& tensor, bool written) const {
    const TensorInfo& info = graph_.info(tensor);
    return {info.byte_offset, info.byte_offset + padded_bytes(info.shape, info.dtype), written, 0};
  }

  template <typename Visit>
  void for_each(const Node& node, const Visit& visit) const {
    for (const Tensor& tensor : node.inputs) visit(tensor, use_of(tensor, false));
    for (const Tensor& tensor : node.updates) visit(tensor, use_of(tensor, true));
    for (const Tensor& tensor : node.outputs) visit(tensor, use_of(tensor, true));
  }

  const Graph& graph_;
  std::map<Memory, std::vector<Use>> uses_;
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
