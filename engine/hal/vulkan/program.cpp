#include "engine/hal/vulkan/program.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/hal/barriers.h"
#include "engine/hal/vulkan/descriptors.h"

namespace pumice::hal::vulkan {

class Recording {
 public:
  Recording(const Context& context, const Pipelines& pipelines, const Plan& plan,
            size_t dispatches_per_submit);
  ~Recording() = default;
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  const std::vector<VkCommandBuffer>& commands() const { return commands_; }

 private:
  void allocate_commands(size_t count);
  void record(VkCommandBuffer commands, const Plan& plan, size_t first, size_t last);
  void record_dispatch(VkCommandBuffer commands, const Dispatch& dispatch, VkDescriptorSet set);
  void record_barrier(VkCommandBuffer commands);

  const Context& context_;
  const Pipelines& pipelines_;
  Descriptors descriptors_;
  std::vector<bool> barriers_;
  Handle<VkCommandPool> pool_;
  std::vector<VkCommandBuffer> commands_;
};

Recording::Recording(const Context& context, const Pipelines& pipelines, const Plan& plan,
                     size_t dispatches_per_submit)
    : context_(context),
      pipelines_(pipelines),
      descriptors_(context, pipelines, plan),
      barriers_(barriers_before(plan)),
      pool_(context.device(), context.vk.vkDestroyCommandPool) {
  size_t total = plan.dispatches.size();
  if (total == 0) return;
  allocate_commands(divide_up(total, dispatches_per_submit));
  for (size_t i = 0; i < commands_.size(); ++i) {
    size_t first = i * dispatches_per_submit;
    context_.name(VK_OBJECT_TYPE_COMMAND_BUFFER, commands_[i],
                  fmt::format("{} from dispatch {}", plan.name, first));
    record(commands_[i], plan, first, std::min(total, first + dispatches_per_submit));
  }
}

void Recording::allocate_commands(size_t count) {
  VkCommandPoolCreateInfo pool = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
      .queueFamilyIndex = context_.physical().queue_family,
  };
  check(context_.vk.vkCreateCommandPool(context_.device(), &pool, nullptr, pool_.place()),
        "vulkan: cannot create a command pool");
  commands_.resize(count);
  VkCommandBufferAllocateInfo info = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
      .commandPool = pool_.get(),
      .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
      .commandBufferCount = static_cast<uint32_t>(count),
  };
  check(context_.vk.vkAllocateCommandBuffers(context_.device(), &info, commands_.data()),
        "vulkan: cannot allocate command buffers");
}

void Recording::record(VkCommandBuffer commands, const Plan& plan, size_t first, size_t last) {
  VkCommandBufferBeginInfo info = {
      .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
      .flags = VK_COMMAND_BUFFER_USAGE_SIMULTANEOUS_USE_BIT,  // several runs may be in flight
  };
  check(context_.vk.vkBeginCommandBuffer(commands, &info), "vulkan: cannot record a program");
  order_after_everything(context_, commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT,
                         VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT);
  for (size_t i = first; i < last; ++i) {
    if (barriers_[i] && i > first) record_barrier(commands);
    record_dispatch(commands, plan.dispatches[i], descriptors_.set(i));
  }
  check(context_.vk.vkEndCommandBuffer(commands), "vulkan: cannot record a program");
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

void Recording::record_dispatch(VkCommandBuffer commands, const Dispatch& dispatch,
                                VkDescriptorSet set) {
  const Layout& layout = pipelines_.layout(*dispatch.kernel);
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
  context_.vk.vkCmdDispatch(commands, dispatch.grid[0], dispatch.grid[1], dispatch.grid[2]);
  context_.end_label(commands);
}

Program::Program(std::shared_ptr<Queue> queue, std::shared_ptr<Pipelines> pipelines,
                 const Plan& plan, uint32_t dispatches_per_submit)
    : queue_(std::move(queue)), pipelines_(std::move(pipelines)), buffers_(plan.buffers) {
  pipelines_->prepare(plan);
  recording_ = std::make_shared<Recording>(queue_->context(), *pipelines_, plan,
                                           std::max(dispatches_per_submit, 1u));
}

Program::~Program() { queue_->retire(std::move(recording_)); }

const std::vector<VkCommandBuffer>& Program::commands() const { return recording_->commands(); }

}  // namespace pumice::hal::vulkan
