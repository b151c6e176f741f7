#pragma once

// Vulkan, volk and VMA as this backend includes them: functions are loaded at run time, so that a
// machine without a Vulkan loader can start the program and read a clear error.
#ifndef VK_NO_PROTOTYPES
#define VK_NO_PROTOTYPES
#endif
#include <volk.h>

#define VMA_STATIC_VULKAN_FUNCTIONS 0
#define VMA_DYNAMIC_VULKAN_FUNCTIONS 1
#define VMA_VULKAN_VERSION 1002000
#include <vk_mem_alloc.h>

#include <string>
#include <string_view>

namespace pumice::hal::vulkan {

/// "VK_ERROR_DEVICE_LOST"; "VkResult -1234" for results without a name here.
std::string result_name(VkResult result);

/// Throws DeviceLost, OutOfMemory or Error unless `result` is VK_SUCCESS (other success codes are
/// for callers that expect them to handle).
void check(VkResult result, std::string_view what);

}  // namespace pumice::hal::vulkan
