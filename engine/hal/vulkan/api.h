#pragma once

// Vulkan, volk and VMA as this backend includes them. Functions are loaded at run time, so that
// without a Vulkan loader the program still starts and reports a clear error.
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

/// "VK_ERROR_DEVICE_LOST"; "VkResult -1234" for results not listed here.
std::string result_name(VkResult result);

/// Throws DeviceLost, OutOfMemory or Error unless `result` is VK_SUCCESS (callers that expect other
/// success codes must handle them first).
void check(VkResult result, std::string_view what);

}  // namespace pumice::hal::vulkan
