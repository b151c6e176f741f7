#pragma once

#include "engine/hal/vulkan/context.h"
#include "engine/hal/vulkan/handle.h"

namespace pumice::hal::vulkan {

/// A pool of commands for the device's queue.
Handle<VkCommandPool> create_command_pool(const Context& context,
                                          VkCommandPoolCreateFlags flags = 0);

/// A command buffer of a pool, which is freed with it.
VkCommandBuffer allocate_commands(const Context& context, VkCommandPool pool);

}  // namespace pumice::hal::vulkan
