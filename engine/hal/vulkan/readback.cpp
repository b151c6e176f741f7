#include "engine/hal/vulkan/readback.h"

#include <fmt/format.h>

namespace pumice::hal::vulkan {
namespace {

void make_visible_to_host(const Context& context, VkCommandBuffer commands) {
  VkMemoryBarrier barrier = {
      .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
      .srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT,
      .dstAccessMask = VK_ACCESS_HOST_READ_BIT,
  };
  context.vk.vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_TRANSFER_BIT,
                                  VK_PIPELINE_STAGE_HOST_BIT, 0, 1, &barrier, 0, nullptr, 0,
                                  nullptr);
}

}  // namespace

Readback::Readback(std::shared_ptr<Queue> queue, const Buffer& from, ByteRange range)
    : queue_(std::move(queue)) {
  const Context& context = queue_->context();
  memory_ = std::make_shared<Memory>(context, range.bytes, MemoryKind::kReadback,
                                     fmt::format("readback of {}", from.label()));
  VkCommandBuffer commands = queue_->begin_copy();
  VkBufferCopy copy = {.srcOffset = range.offset, .size = range.bytes};
  context.vk.vkCmdCopyBuffer(commands, from.handle(), memory_->buffer(), 1, &copy);
  make_visible_to_host(context, commands);
  number_ = queue_->submit();
}

Readback::~Readback() { queue_->retire(std::move(memory_)); }

bool Readback::ready() { return queue_->completed() >= number_; }

std::vector<std::byte> Readback::take() {
  queue_->wait(number_);
  std::span<const std::byte> bytes = memory_->load();
  return {bytes.begin(), bytes.end()};
}

}  // namespace pumice::hal::vulkan
