#include "engine/graph/accesses.h"

#include <algorithm>

namespace pumice {

size_t Accesses::level_of(const Node& node) const {
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

void Accesses::add(const Node& node, size_t level) {
  for_each(node, [&](const Tensor& tensor, const hal::Use& use) {
    uses_[memory_of(tensor)].push_back({use, level});
  });
}

Accesses::Memory Accesses::memory_of(const Tensor& tensor) const {
  const TensorInfo& info = graph_.info(tensor);
  return info.external ? Memory{info.external.get(), 0} : Memory{nullptr, info.root};
}

hal::Use Accesses::use_of(const Tensor& tensor, bool written) const {
  const TensorInfo& info = graph_.info(tensor);
  return {info.byte_offset, info.byte_offset + padded_bytes(info.shape, info.dtype), written};
}

template <typename Visit>
void Accesses::for_each(const Node& node, const Visit& visit) const {
  for (const Tensor& tensor : node.inputs) visit(tensor, use_of(tensor, false));
  for (const Tensor& tensor : node.updates) visit(tensor, use_of(tensor, true));
  for (const Tensor& tensor : node.outputs) visit(tensor, use_of(tensor, true));
}

}  // namespace pumice
