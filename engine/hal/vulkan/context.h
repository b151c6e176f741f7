#pragma once

#include <memory>
#include <string_view>

#include "engine/hal/vulkan/api.h"
#include "engine/hal/vulkan/instance.h"
#include "engine/hal/vulkan/physical_device.h"

namespace pumice::hal::vulkan {

/// An open device: the VkDevice, its functions, its queue and its memory allocator.
class Context {
 public:
  Context(std::shared_ptr<Instance> instance, PhysicalDevice physical);
  ~Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  VkDevice device() const { return device_.get(); }
  VkQueue queue() const { return queue_; }
  VmaAllocator allocator() const { return allocator_.get(); }
  const PhysicalDevice& physical() const { return physical_; }
  const Limits& limits() const { return physical_.limits; }

  /// Free and total bytes of the largest device-local heap.
  struct Memory {
    uint64_t free;
    uint64_t all;
  };
  Memory memory() const;

  /// Names an object for validation messages and captures.
  template <typename Handle>
  void name(VkObjectType type, Handle handle, std::string_view label) const {
    set_name(type, reinterpret_cast<uint64_t>(handle), label);
  }
  void begin_label(VkCommandBuffer commands, std::string_view label) const;
  void end_label(VkCommandBuffer commands) const;

  VolkDeviceTable vk = {};  ///< the functions of this device

 private:
  struct DestroyDevice {
    PFN_vkDestroyDevice destroy;
    void operator()(VkDevice device) const { destroy(device, nullptr); }
  };
  struct DestroyAllocator {
    void operator()(VmaAllocator allocator) const { vmaDestroyAllocator(allocator); }
  };

  void open();
  void create_allocator();
  void load_debug_functions();
  void set_name(VkObjectType type, uint64_t handle, std::string_view label) const;

  std::shared_ptr<Instance> instance_;
  PhysicalDevice physical_;
  std::unique_ptr<VkDevice_T, DestroyDevice> device_;
  VkQueue queue_ = VK_NULL_HANDLE;
  std::unique_ptr<VmaAllocator_T, DestroyAllocator> allocator_;
  PFN_vkSetDebugUtilsObjectNameEXT set_object_name_ = nullptr;
  PFN_vkCmdBeginDebugUtilsLabelEXT begin_label_ = nullptr;
  PFN_vkCmdEndDebugUtilsLabelEXT end_label_ = nullptr;
};

}  // namespace pumice::hal::vulkan
