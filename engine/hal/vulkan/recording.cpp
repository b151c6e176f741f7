#include "engine/hal/vulkan/recording.h"

#include <fmt/format.h>

#include <utility>

#include "engine/hal/barriers.h"
#include "engine/hal/vulkan/commands.h"
#include "engine/hal/vulkan/queue.h"

namespace pumice::hal::vulkan {

Recording::Recording(const Context& context, const Pipelines& pipelines, const Plan& plan)
    : context_(context),
      pipelines_(pipelines),
      descriptors_(context, pipelines, plan),
      barriers_(barriers_before(plan)),
      pool_(plan.dispatches.empty()
                ? Handle<VkCommandPool>(context.device(), context.vk.vkDestroyCommandPool)
                : create_command_pool(context)) {}

VkCommandBuffer Recording::allocate() {
  const VkCommandBuffer commands = allocate_commands(context_, pool_.get());
  commands_.push_back(commands);
  return commands;
}

void Recording::clear() {
  const std::vector<VkCommandBuffer> commands = std::exchange(commands_, {});
  if (commands.empty()) return;
  context_.vk.vkFreeCommandBuffers(context_.device(), pool_.get(),
                                   static_cast<uint32_t>(commands.size()), commands.data());
}

VkCommandBuffer Recording::record(const Plan& plan, std::span<const Piece> pieces) {
  const VkCommandBuffer commands = allocate();
  context_.name(VK_OBJECT_TYPE_COMMAND_BUFFER, commands,
                fmt::format("{} from dispatch {}", plan.name, pieces.front().dispatch));
  VkCommandBufferBeginInfo info = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
      .flags = VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT,  // several runs may be in flight
  };
  check(context_.vk.vkBeginCommandBuffer(commands, &info), "vulkan: cannot record a program");
  order_after_everything(context_, commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                         VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT);
  size_t before = pieces.front().dispatch;
  for (const Piece& piece : pieces) {
    const bool is_next = std::exchange(before, piece.dispatch) != piece.dispatch;
    if (is_next && barriers_[piece.dispatch]) record_barrier(commands);
    record_piece(commands, plan.dispatches[piece.dispatch], piece);
  }
  check(context_.vk.vkEndCommandBuffer(commands), "vulkan: cannot record a program");
  return commands;
}

void Recording::record_barrier(VkCommandBuffer commands) {
  VkMemoryBarrier barrier = {
      .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
      .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT,
      .dstAccessMask = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT,
  };
  context_.vk.vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                                   VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, 0, 1, &barrier, 0, nullptr,
                                   0, nullptr);
}

void Recording::record_piece(VkCommandBuffer commands, const Dispatch& dispatch,
                             const Piece& piece) {
  const Layout& layout = pipelines_.layout(*dispatch.kernel);
  const VkDescriptorSet set = descriptors_.set(piece.dispatch);
  context_.begin_label(commands, dispatch.label.empty() ? dispatch.kernel->name : dispatch.label);
  context_.vk.vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE,
                                pipelines_.pipeline(dispatch));
  context_.vk.vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, layout.pipeline, 0,
                                      1, &set, 0, nullptr);
  if (!dispatch.params.empty()) {
    context_.vk.vkCmdPushConstants(commands, layout.pipeline, VK_SHADER_STAGE_COMPUTE_BIT, 0,
                                   static_cast<uint32_t>(dispatch.params.size()),
                                   dispatch.params.data());
  }
  const auto& [first, count] = std::pair(piece.first, piece.count);
  if (count == dispatch.grid) {
    context_.vk.vkCmdDispatch(commands, count[0], count[1], count[2]);
  } else {
    context_.vk.vkCmdDispatchBase(commands, first[0], first[1], first[2], count[0], count[1],
                                  count[2]);
  }
  context_.end_label(commands);
}

}  // namespace pumice::hal::vulkan
