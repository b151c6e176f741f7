#pragma once

#include <deque>
#include <span>

#include "engine/hal/vulkan/memory.h"
#include "engine/hal/vulkan/queue.h"

namespace pumice::hal::vulkan {

/// Host memory on its way to the device: a few blocks, used again when the copies out of them are
/// done.
class Staging {
 public:
  static constexpr uint64_t kBlockBytes = 8 << 20;

  explicit Staging(Queue& queue) : queue_(queue) {}

  struct Slice {
    VkBuffer buffer;
    uint64_t offset;
  };
  /// Keeps a copy of at most kBlockBytes until the next submission is done. May submit what is
  /// open, and wait, when all blocks are in use.
  Slice put(std::span<const std::byte> bytes);

 private:
  struct Block {
    std::unique_ptr<Memory> memory;
    uint64_t used;
    uint64_t busy_until;  // number of a submission
  };
  Block& block_for(uint64_t bytes);

  Queue& queue_;
  std::deque<Block> blocks_;  // the one in use last at the back
};

}  // namespace pumice::hal::vulkan
