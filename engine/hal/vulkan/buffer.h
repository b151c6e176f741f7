#pragma once

#include <string>

#include "engine/hal/vulkan/memory.h"
#include "engine/hal/vulkan/queue.h"

namespace pumice::hal::vulkan {

/// Zero-filled device memory. After the last reference is gone, the memory is kept until the device
/// has finished with it.
class Buffer final : public hal::Buffer {
 public:
  /// Throws OutOfMemory, but first waits for memory that is only kept for work in flight.
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

/// Downcasts a buffer of the device contract. Throws Error, prefixed by `who`, if another device
/// made it.
const Buffer& own_buffer(const hal::Buffer& buffer, const Queue& queue, std::string_view who);

}  // namespace pumice::hal::vulkan
