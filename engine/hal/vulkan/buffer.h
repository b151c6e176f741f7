#pragma once

#include <string>

#include "engine/hal/vulkan/memory.h"
#include "engine/hal/vulkan/queue.h"

namespace pumice::hal::vulkan {

/// Device memory, zero-filled. When the last reference goes, the memory stays until the device is
/// done with it.
class Buffer final : public hal::Buffer {
 public:
  /// Throws OutOfMemory, after waiting for memory that was only kept for work in flight.
  Buffer(std::shared_ptr<Queue> queue, uint64_t bytes, std::string_view label);
  ~Buffer() override;

  uint64_t bytes() const override { return memory_->bytes(); }
  std::string_view label() const override { return label_; }
  VkBuffer handle() const { return memory_->buffer(); }
  bool belongs_to(const Queue& queue) const { return queue_.get() == &queue; }

 private:
  std::shared_ptr<Queue> queue_;
  std::string label_;
  std::shared_ptr<Memory> memory_;
};

/// The buffer behind the contract's one. Throws Error when another device made it; `who` is the
/// call that complains.
const Buffer& own_buffer(const hal::Buffer& buffer, const Queue& queue, std::string_view who);

}  // namespace pumice::hal::vulkan
