#pragma once

#include <array>
#include <string>

#include "engine/hal/device.h"
#include "engine/hal/vulkan/api.h"

namespace pumice::hal::vulkan {

/// What a physical device says about itself, as far as this backend cares.
struct PhysicalDevice {
  VkPhysicalDevice handle = VK_NULL_HANDLE;
  Limits limits;
  std::string rejected;  ///< why it cannot be used; empty when it can
  std::array<uint8_t, VK_UUID_SIZE> device_uuid = {};
  std::array<uint8_t, VK_UUID_SIZE> driver_uuid = {};
  uint32_t queue_family = 0;
  uint32_t required_subgroup_size = 0;  ///< to ask for where sizes vary; 0 where they do not
  bool memory_budget = false;
  bool portability_subset = false;
};

PhysicalDevice inspect(VkPhysicalDevice handle);

}  // namespace pumice::hal::vulkan
