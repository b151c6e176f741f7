#pragma once

#include <utility>

#include "engine/hal/vulkan/api.h"

namespace pumice::hal::vulkan {

/// An object of a VkDevice, destroyed with its owner, even if the owner's constructor throws later.
/// The device must outlive it.
template <typename T>
class Handle {
 public:
  /// vkDestroyFence, vkDestroyCommandPool …
  using Destroy = void(VKAPI_PTR*)(VkDevice device, T object, const VkAllocationCallbacks*);

  Handle(VkDevice device, Destroy destroy) : device_(device), destroy_(destroy) {}
  ~Handle() {
    if (object_ != VK_NULL_HANDLE) destroy_(device_, object_, nullptr);
  }
  Handle(Handle&& other) noexcept
      : device_(other.device_),
        destroy_(other.destroy_),
        object_(std::exchange(other.object_, T(VK_NULL_HANDLE))) {}
  Handle& operator=(Handle&&) = delete;

  /// The address for vkCreate… to store the object. Only for a handle that is still empty.
  T* place() { return &object_; }
  const T& get() const { return object_; }

 private:
  VkDevice device_;
  Destroy destroy_;
  T object_ = VK_NULL_HANDLE;
};

}  // namespace pumice::hal::vulkan
