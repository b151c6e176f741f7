#include "engine/graph/memory.h"

#include <algorithm>
#include <limits>

namespace pumice {
namespace {

constexpr size_t kForever = std::numeric_limits<size_t>::max();

/// For each activation (by root), the position of the last level that touches it.
std::map<uint32_t, size_t> last_uses(const Graph& graph, const std::vector<Level>& levels,
                                     const Tensors& outputs, Sharing sharing) {
  std::map<uint32_t, size_t> last;
  auto touch = [&](const Tensor& tensor, size_t position) {
    uint32_t root = graph.info(tensor).root;
    if (!graph.info(root).external) last[root] = position;
  };
  for (size_t position = 0; position < levels.size(); ++position) {
    size_t until = sharing == Sharing::kNone ? kForever : position;
    for (const Node* node : levels[position]) {
      for (const Tensor& input : node->inputs) touch(input, until);
      for (const Tensor& update : node->updates) touch(update, until);
      for (const Tensor& output : node->outputs) touch(output, until);
    }
  }
  for (const Tensor& output : outputs) touch(output, kForever);
  return last;
}

/// Buffers available for reuse, best fit first.
class Pool {
 public:
  explicit Pool(std::vector<uint64_t>& buffer_bytes) : buffer_bytes_(buffer_bytes) {}

  uint32_t take(uint64_t bytes) {
    if (free_.empty()) {
      buffer_bytes_.push_back(bytes);
      return static_cast<uint32_t>(buffer_bytes_.size() - 1);
    }
    auto best = std::min_element(free_.begin(), free_.end(), [&](uint32_t a, uint32_t b) {
      return waste(a, bytes) < waste(b, bytes);
    });
    uint32_t index = *best;
    free_.erase(best);
    buffer_bytes_[index] = std::max(buffer_bytes_[index], bytes);
    return index;
  }

  void give_back(uint32_t index) { free_.push_back(index); }

 private:
  // Unused bytes if the buffer is large enough, else the bytes to grow by: both cost memory.
  uint64_t waste(uint32_t index, uint64_t bytes) const {
    uint64_t have = buffer_bytes_[index];
    return have > bytes ? have - bytes : bytes - have;
  }

  std::vector<uint64_t>& buffer_bytes_;
  std::vector<uint32_t> free_;
};

}  // namespace

BufferAssignment assign_buffers(const Graph& graph, const std::vector<Level>& levels,
                                const Tensors& outputs, Sharing sharing) {
  const std::map<uint32_t, size_t> last = last_uses(graph, levels, outputs, sharing);
  BufferAssignment assignment;
  Pool pool(assignment.buffer_bytes);
  std::map<size_t, std::vector<uint32_t>> ends_at;
  auto assign = [&](const Tensor& output) {
    const uint32_t root = graph.info(output).root;
    if (graph.info(root).external || assignment.buffer_of_root.contains(root)) return;
    const TensorInfo& info = graph.info(root);
    const uint32_t buffer = pool.take(padded_bytes(info.shape, info.dtype));
    assignment.buffer_of_root[root] = buffer;
    ends_at[last.at(root)].push_back(buffer);
  };

  for (size_t position = 0; position < levels.size(); ++position) {
    for (const Node* node : levels[position]) {
      for (const Tensor& output : node->outputs) assign(output);
    }
    for (uint32_t buffer : ends_at[position]) pool.give_back(buffer);
  }
  return assignment;
}

}  // namespace pumice
