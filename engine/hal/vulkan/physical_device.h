#pragma once

#include <array>
#include <string>

#include "engine/hal/device.h"
#include "engine/hal/vulkan/api.h"

namespace pumice::hal::vulkan {

/// The properties of a physical device that this backend needs.
struct PhysicalDevice {
  VkPhysicalDevice handle = VK_NULL_HANDLE;
  Limits limits;
  std::string rejected;  ///< why it cannot be used; empty if it can
  std::array<uint8_t, VK_UUID_SIZE> device_uuid = {};
  std::array<uint8_t, VK_UUID_SIZE> driver_uuid = {};
  uint32_t queue_family = 0;
  uint32_t timestamp_bits = 0;          ///< of the queue; 0 if it has no timestamps
  double timestamp_period = 0;          ///< seconds of a tick
  uint32_t required_subgroup_size = 0;  ///< to request if sizes vary; 0 if they do not
  bool cooperative_matrices = false;    ///< to enable
  bool memory_budget = false;
  bool portability_subset = false;
};

PhysicalDevice inspect(VkPhysicalDevice handle);

}  // namespace pumice::hal::vulkan
