#include "engine/hal/vulkan/handle.h"

#include <gtest/gtest.h>

#include "engine/hal/device.h"
#include "engine/hal/vulkan/descriptors.h"
#include "engine/hal/vulkan/queue.h"
#include "kernels/test_increment.h"

namespace pumice::hal::vulkan {
namespace {

int destroyed = 0;

template <typename T>
VKAPI_ATTR void VKAPI_CALL count_only(VkDevice, T, const VkAllocationCallbacks*) {
  ++destroyed;
}

VkSemaphore some_semaphore() { return reinterpret_cast<VkSemaphore>(uintptr_t{1}); }

TEST(VulkanHandle, destroys_its_object_once) {
  destroyed = 0;
  {
    Handle<VkSemaphore> empty(VK_NULL_HANDLE, count_only<VkSemaphore>);
    Handle<VkSemaphore> first(VK_NULL_HANDLE, count_only<VkSemaphore>);
    *first.place() = some_semaphore();
    Handle<VkSemaphore> second = std::move(first);
    EXPECT_EQ(second.get(), some_semaphore());
    EXPECT_EQ(destroyed, 0);
  }
  EXPECT_EQ(destroyed, 1);
}

/// An open device with some of its functions replaced.
class VulkanConstructors : public testing::Test {
 protected:
  VulkanConstructors() {
    auto instance = std::make_shared<Instance>(false, OnMessage{});
    for (VkPhysicalDevice handle : instance->physical_devices()) {
      const PhysicalDevice physical = inspect(handle);
      if (!context_ && physical.rejected.empty()) {
        context_ = std::make_shared<Context>(instance, physical);
      }
    }
    real_ = context_->vk;
    destroyed = 0;
  }

  static VKAPI_ATTR VkResult VKAPI_CALL no_command_pool(VkDevice, const VkCommandPoolCreateInfo*,
                                                        const VkAllocationCallbacks*,
                                                        VkCommandPool*) {
    return VK_ERROR_OUT_OF_HOST_MEMORY;
  }
  static VKAPI_ATTR VkResult VKAPI_CALL no_sets(VkDevice, const VkDescriptorSetAllocateInfo*,
                                                VkDescriptorSet*) {
    return VK_ERROR_OUT_OF_POOL_MEMORY;
  }
  static VKAPI_ATTR void VKAPI_CALL destroy_semaphore(VkDevice device, VkSemaphore semaphore,
                                                      const VkAllocationCallbacks* callbacks) {
    ++destroyed;
    real_.vkDestroySemaphore(device, semaphore, callbacks);
  }
  static VKAPI_ATTR void VKAPI_CALL destroy_pool(VkDevice device, VkDescriptorPool pool,
                                                 const VkAllocationCallbacks* callbacks) {
    ++destroyed;
    real_.vkDestroyDescriptorPool(device, pool, callbacks);
  }

  std::shared_ptr<Context> context_;
  static VolkDeviceTable real_;
};
VolkDeviceTable VulkanConstructors::real_ = {};

TEST_F(VulkanConstructors, of_a_queue_destroy_the_timeline_when_they_throw) {
  context_->vk.vkCreateCommandPool = no_command_pool;
  context_->vk.vkDestroySemaphore = destroy_semaphore;
  EXPECT_THROW(Queue(context_, 1), OutOfMemory);
  EXPECT_EQ(destroyed, 1);
}

TEST_F(VulkanConstructors, of_descriptors_destroy_the_pool_when_they_throw) {
  const Plan plan{
      .name = "plan", .buffers = {}, .dispatches = {{.kernel = &kernels::test_increment}}};
  Pipelines pipelines(context_, {}, false);
  pipelines.prepare(plan);
  context_->vk.vkAllocateDescriptorSets = no_sets;
  context_->vk.vkDestroyDescriptorPool = destroy_pool;
  EXPECT_THROW(Descriptors(*context_, pipelines, plan), OutOfMemory);
  EXPECT_EQ(destroyed, 1);
}

}  // namespace
}  // namespace pumice::hal::vulkan
