#pragma once

#include <functional>
#include <memory>
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

  VkInstance handle() const { return handle_.get(); }
  bool has_debug_utils() const { return has_debug_utils_; }
  std::vector<VkPhysicalDevice> physical_devices() const;

  template <typename Function>
  Function function(const char* name) const {
    return reinterpret_cast<Function>(vkGetInstanceProcAddr(handle(), name));
  }

 private:
  struct DestroyInstance {
    void operator()(VkInstance instance) const { vkDestroyInstance(instance, nullptr); }
  };

  void create(bool validation);

  OnMessage on_message_;
  std::unique_ptr<VkInstance_T, DestroyInstance> handle_;
  VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
  bool has_debug_utils_ = false;
};

}  // namespace pumice::hal::vulkan
