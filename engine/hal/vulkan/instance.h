#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "engine/hal/vulkan/api.h"

namespace pumice::hal::vulkan {

using OnMessage = std::function<void(std::string_view)>;

/// The connection to Vulkan: the loader, a VkInstance, and where validation messages go.
class Instance {
 public:
  /// Throws Error: no loader, a loader older than 1.2, no driver, no validation layer.
  Instance(bool validation, OnMessage on_message);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  VkInstance handle() const { return handle_; }
  bool has_debug_utils() const { return has_debug_utils_; }
  std::vector<VkPhysicalDevice> physical_devices() const;

  template <typename Function>
  Function function(const char* name) const {
    return reinterpret_cast<Function>(vkGetInstanceProcAddr(handle_, name));
  }

 private:
  void create(bool validation);
  void destroy_messenger();

  VkInstance handle_ = VK_NULL_HANDLE;
  VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
  OnMessage on_message_;
  bool has_debug_utils_ = false;
};

}  // namespace pumice::hal::vulkan
