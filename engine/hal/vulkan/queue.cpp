#include "engine/hal/vulkan/queue.h"

#include <vector>

#include "engine/hal/vulkan/commands.h"

namespace pumice::hal::vulkan {

void order_after_everything(const Context& context, VkCommandBuffer commands,
                            VkPipelineStageFlags stages, VkAccessFlags access) {
  VkMemoryBarrier barrier = {
      .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
      .srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT,
      .dstAccessMask = access,
  };
  context.vk.vkCmdPipelineBarrier(
      commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT, stages, 0, 1,
      &barrier, 0, nullptr, 0, nullptr);
}

namespace {

Handle<VkSemaphore> create_timeline(const Context& context) {
  VkSemaphoreTypeCreateInfo type = {
      .sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO,
      .semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE,
  };
  VkSemaphoreCreateInfo info = {.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO, .pNext = &type};
  Handle<VkSemaphore> timeline(context.device(), context.vk.vkDestroySemaphore);
  check(context.vk.vkCreateSemaphore(context.device(), &info, nullptr, timeline.place()),
        "vulkan: cannot create the timeline");
  context.name(VK_OBJECT_TYPE_SEMAPHORE, timeline.get(), "timeline");
  return timeline;
}

}  // namespace

Queue::Queue(std::shared_ptr<Context> context, uint32_t max_pending)
    : context_(std::move(context)),
      max_pending_(max_pending),
      timeline_(create_timeline(*context_)),
      pool_(create_command_pool(*context_, VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT |
                                               VK_COMMAND_POOL_CREATE_TRANSIENT_BIT)) {}

Queue::~Queue() {
  context_->vk.vkQueueWaitIdle(context_->queue());  // a lost device is done too
  retired_.clear();
}

VkCommandBuffer Queue::reuse_or_allocate() {
  if (!in_flight_.empty() && in_flight_.front().number <= completed()) {
    VkCommandBuffer reused = in_flight_.front().buffer;
    in_flight_.pop_front();
    return reused;
  }
  const VkCommandBuffer allocated = allocate_commands(*context_, pool_.get());
  context_->name(VK_OBJECT_TYPE_COMMAND_BUFFER, allocated, "copies");
  return allocated;
}

VkCommandBuffer Queue::begin_copy() {
  if (!open_) {
    VkCommandBuffer commands = reuse_or_allocate();
    VkCommandBufferBeginInfo info = {
        .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
        .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT,
    };
    check(context_->vk.vkBeginCommandBuffer(commands, &info), "vulkan: cannot record copies");
    open_ = commands;
  }
  order_after_everything(*context_, open_, VK_PIPELINE_STAGE_TRANSFER_BIT,
                         VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT);
  return open_;
}

void Queue::close_copies() {
  VkCommandBuffer commands = std::exchange(open_, VK_NULL_HANDLE);
  in_flight_.push_back({commands, next()});
  check(context_->vk.vkEndCommandBuffer(commands), "vulkan: cannot record copies");
}

uint64_t Queue::submit(std::span<const VkCommandBuffer> programs) {
  std::vector<VkCommandBuffer> commands;
  if (open_) commands.push_back(open_);
  commands.insert(commands.end(), programs.begin(), programs.end());
  if (commands.empty()) return last_;
  if (open_) close_copies();
  uint64_t number = next();
  VkTimelineSemaphoreSubmitInfo timeline = {
      .sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO,
      .signalSemaphoreValueCount = 1,
      .pSignalSemaphoreValues = &number,
  };
  VkSubmitInfo info = {
      .sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
      .pNext = &timeline,
      .commandBufferCount = static_cast<uint32_t>(commands.size()),
      .pCommandBuffers = commands.data(),
      .signalSemaphoreCount = 1,
      .pSignalSemaphores = &timeline_.get(),
  };
  check(context_->vk.vkQueueSubmit(context_->queue(), 1, &info, VK_NULL_HANDLE),
        "vulkan: cannot submit");
  last_ = number;
  if (number > max_pending_) wait(number - max_pending_);
  collect();
  return number;
}

uint64_t Queue::completed() {
  check(context_->vk.vkGetSemaphoreCounterValue(context_->device(), timeline_.get(), &completed_),
        "vulkan: cannot query the timeline");
  return completed_;
}

void Queue::wait(uint64_t number) {
  if (number <= completed_) return;
  VkSemaphoreWaitInfo info = {
      .sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO,
      .semaphoreCount = 1,
      .pSemaphores = &timeline_.get(),
      .pValues = &number,
  };
  check(context_->vk.vkWaitSemaphores(context_->device(), &info, UINT64_MAX),
        "vulkan: cannot wait");
  completed_ = number;
}

void Queue::finish() {
  submit();
  wait(last_);
  collect();
}

void Queue::retire(std::shared_ptr<void> object) {
  retired_.push_back({std::move(object), open_ ? next() : last_});
}

void Queue::collect() {
  if (retired_.empty()) return;
  uint64_t done = completed();
  while (!retired_.empty() && retired_.front().number <= done) retired_.pop_front();
}

}  // namespace pumice::hal::vulkan
