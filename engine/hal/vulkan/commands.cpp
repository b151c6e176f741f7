#include "engine/hal/vulkan/commands.h"

namespace pumice::hal::vulkan {

Handle<VkCommandPool> create_command_pool(const Context& context, VkCommandPoolCreateFlags flags) {
  VkCommandPoolCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
      .flags = flags,
      .queueFamilyIndex = context.physical().queue_family,
  };
  Handle<VkCommandPool> pool(context.device(), context.vk.vkDestroyCommandPool);
  check(context.vk.vkCreateCommandPool(context.device(), &info, nullptr, pool.place()),
        "vulkan: cannot create a command pool");
  return pool;
}

VkCommandBuffer allocate_commands(const Context& context, VkCommandPool pool) {
  VkCommandBufferAllocateInfo info = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
      .commandPool = pool,
      .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
      .commandBufferCount = 1,
  };
  VkCommandBuffer commands = VK_NULL_HANDLE;
  check(context.vk.vkAllocateCommandBuffers(context.device(), &info, &commands),
        "vulkan: cannot allocate a command buffer");
  return commands;
}

}  // namespace pumice::hal::vulkan
