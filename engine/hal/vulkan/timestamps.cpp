#include "engine/hal/vulkan/timestamps.h"

#include <array>

#include "engine/hal/vulkan/commands.h"

namespace pumice::hal::vulkan {
namespace {

constexpr uint32_t kBegin = 0, kEnd = 1, kQueries = 2;

}  // namespace

Timestamps::Timestamps(const Context& context)
    : context_(context),
      queries_(context.device(), context.vk.vkDestroyQueryPool),
      commands_(create_command_pool(context)) {
  require(context.physical().timestamp_bits > 0, "vulkan: the queue has no timestamps");
  VkQueryPoolCreateInfo queries = {
      .sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO,
      .queryType = VK_QUERY_TYPE_TIMESTAMP,
      .queryCount = kQueries,
  };
  check(context.vk.vkCreateQueryPool(context.device(), &queries, nullptr, queries_.place()),
        "vulkan: cannot create timestamps");
  begin_ = record(VK_PIPELINE_STAGE_TOP_OF_PIPE_BIT, kBegin, true);
  end_ = record(VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, kEnd, false);
}

VkCommandBuffer Timestamps::record(VkPipelineStageFlagBits stage, uint32_t query, bool resets) {
  const VkCommandBuffer commands = allocate_commands(context_, commands_.get());
  VkCommandBufferBeginInfo begin = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
      .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT,
  };
  check(context_.vk.vkBeginCommandBuffer(commands, &begin), "vulkan: cannot record timestamps");
  if (resets) context_.vk.vkCmdResetQueryPool(commands, queries_.get(), 0, kQueries);
  context_.vk.vkCmdWriteTimestamp(commands, stage, queries_.get(), query);
  check(context_.vk.vkEndCommandBuffer(commands), "vulkan: cannot record timestamps");
  return commands;
}

double Timestamps::seconds() const {
  std::array<uint64_t, kQueries> ticks = {};
  check(context_.vk.vkGetQueryPoolResults(context_.device(), queries_.get(), 0, kQueries,
                                          sizeof(ticks), ticks.data(), sizeof(ticks[0]),
                                          VK_QUERY_RESULT_64_BIT | VK_QUERY_RESULT_WAIT_BIT),
        "vulkan: cannot read timestamps");
  const uint32_t bits = context_.physical().timestamp_bits;
  const uint64_t mask = bits >= 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  return double((ticks[kEnd] - ticks[kBegin]) & mask) * context_.physical().timestamp_period;
}

}  // namespace pumice::hal::vulkan
