#pragma once

#include <map>
#include <utility>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/hal/barriers.h"

namespace pumice {

/// The accesses of nodes, in their levels, to each external buffer and each activation.
class Accesses {
 public:
  explicit Accesses(const Graph& graph) : graph_(graph) {}

  /// The earliest level in which a node may run: after all that it conflicts with.
  size_t level_of(const Node& node) const;
  /// Whether the node must stay behind, or before, one of those that were added.
  bool conflict_with(const Node& node) const { return level_of(node) > 0; }
  void add(const Node& node, size_t level = 0);

 private:
  /// An access of a node in a level.
  struct Earlier {
    hal::Use use;
    size_t level = 0;
  };
  using Memory = std::pair<const hal::Buffer*, uint32_t>;

  Memory memory_of(const Tensor& tensor) const;
  hal::Use use_of(const Tensor& tensor, bool written) const;
  template <typename Visit>
  void for_each(const Node& node, const Visit& visit) const;

  const Graph& graph_;
  std::map<Memory, std::vector<Earlier>> uses_;  // activations by their roots
};

}  // namespace pumice
