#pragma once

#include <deque>
#include <span>

#include "engine/hal/vulkan/memory.h"
#include "engine/hal/vulkan/queue.h"

namespace pumice::hal::vulkan {

/// Host memory for uploads: a few blocks, reused once the copies out of them are done.
class Staging {
 public:
  static constexpr uint64_t kBlockBytes = 8 << 20;

  explicit Staging(Queue& queue) : queue_(queue) {}

  struct Slice {
    VkBuffer buffer;
    uint64_t offset;
  };
  /// Keeps a copy of at most kBlockBytes until the next submission is done. If all blocks are in
  /// use, may submit open copies and wait.
  Slice put(std::span<const std::byte> bytes);

 private:
  struct Block {
    std::unique_ptr<Memory> memory;
    uint64_t used;
    uint64_t busy_until;  // number of a submission
  };
  Block& block_for(uint64_t bytes);

  Queue& queue_;
  std::deque<Block> blocks_;  // the most recently used one at the back
};

}  // namespace pumice::hal::vulkan
