#pragma once

#include <optional>

#include "engine/hal/vulkan/context.h"
#include "engine/hal/vulkan/handle.h"

namespace pumice::hal::vulkan {

/// Two points of a queue's time: commands to be submitted once, around the work to be timed.
class Timestamps {
 public:
  /// Throws Error if the queue has no timestamps: see PhysicalDevice::timestamp_bits.
  explicit Timestamps(const Context& context);

  VkCommandBuffer begin() const { return begin_; }
  VkCommandBuffer end() const { return end_; }
  /// Between the two, once the device has executed both.
  double seconds() const;

 private:
  VkCommandBuffer record(VkPipelineStageFlagBits stage, uint32_t query, bool resets);

  const Context& context_;
  Handle<VkQueryPool> queries_;
  Handle<VkCommandPool> commands_;
  VkCommandBuffer begin_ = VK_NULL_HANDLE;
  VkCommandBuffer end_ = VK_NULL_HANDLE;
};

}  // namespace pumice::hal::vulkan
