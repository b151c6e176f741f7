#include "engine/hal/vulkan/pipelines.h"

#include <fmt/format.h>

#include <mutex>
#include <set>

#include "engine/base/parallel.h"

namespace pumice::hal::vulkan {
namespace {

VkDescriptorType descriptor_type(Access access) {
  return access == Access::kTexel ? VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER
                                  : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
}

VkDescriptorSetLayout create_set_layout(const Context& context, const Kernel& kernel) {
  std::vector<VkDescriptorSetLayoutBinding> bindings;
  for (Access access : kernel.bindings) {
    bindings.push_back({.binding = static_cast<uint32_t>(bindings.size()),
                        .descriptorType = descriptor_type(access),
                        .descriptorCount = 1,
                        .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT});
  }
  VkDescriptorSetLayoutCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
      .bindingCount = static_cast<uint32_t>(bindings.size()),
      .pBindings = bindings.data(),
  };
  VkDescriptorSetLayout layout = VK_NULL_HANDLE;
  check(context.vk.vkCreateDescriptorSetLayout(context.device(), &info, nullptr, &layout),
        "vulkan: cannot create a descriptor set layout");
  return layout;
}

VkPipelineLayout create_pipeline_layout(const Context& context, const Kernel& kernel,
                                        VkDescriptorSetLayout set) {
  VkPushConstantRange params = {.stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
                                .size = kernel.params_bytes};
  VkPipelineLayoutCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
      .setLayoutCount = 1,
      .pSetLayouts = &set,
      .pushConstantRangeCount = kernel.params_bytes > 0 ? 1u : 0u,
      .pPushConstantRanges = &params,
  };
  VkPipelineLayout layout = VK_NULL_HANDLE;
  check(context.vk.vkCreatePipelineLayout(context.device(), &info, nullptr, &layout),
        "vulkan: cannot create a pipeline layout");
  return layout;
}

VkShaderModule create_module(const Context& context, const Kernel& kernel) {
  VkShaderModuleCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
      .codeSize = kernel.spirv.size_bytes(),
      .pCode = kernel.spirv.data(),
  };
  VkShaderModule module = VK_NULL_HANDLE;
  check(context.vk.vkCreateShaderModule(context.device(), &info, nullptr, &module),
        fmt::format("vulkan: kernel '{}'", kernel.name));
  return module;
}

/// Kernels whose subgroups work together require Limits::subgroup_size; for others the driver
/// chooses. 0: no size is required.
uint32_t required_subgroup_size(const Context& context, const Kernel& kernel) {
  constexpr uint32_t kTogether = static_cast<uint32_t>(Feature::kSubgroupShuffle) |
                                 static_cast<uint32_t>(Feature::kCooperativeMatrix);
  return kernel.features & kTogether ? context.physical().required_subgroup_size : 0;
}

/// Constants with ids 0, 1, 2 …, four bytes each.
std::vector<VkSpecializationMapEntry> map_entries(size_t count) {
  std::vector<VkSpecializationMapEntry> entries;
  for (uint32_t id = 0; id < count; ++id) {
    entries.push_back({.constantID = id, .offset = id * 4, .size = 4});
  }
  return entries;
}

}  // namespace

Pipelines::Pipelines(std::shared_ptr<Context> context, const std::filesystem::path& cache_folder,
                     bool divisible)
    : context_(std::move(context)), cache_(context_, cache_folder), divisible_(divisible) {}

Pipelines::~Pipelines() {
  for (auto& [key, pipeline] : pipelines_) {
    context_->vk.vkDestroyPipeline(context_->device(), pipeline, nullptr);
  }
  for (auto& [kernel, layout] : layouts_) {
    context_->vk.vkDestroyPipelineLayout(context_->device(), layout.pipeline, nullptr);
    context_->vk.vkDestroyDescriptorSetLayout(context_->device(), layout.set, nullptr);
  }
}

void Pipelines::prepare(const Plan& plan) {
  std::set<Key> unique;
  for (const Dispatch& dispatch : plan.dispatches) {
    add_layout(*dispatch.kernel);
    Key key = {dispatch.kernel, dispatch.constants};
    if (!pipelines_.contains(key)) unique.insert(std::move(key));
  }
  if (unique.empty()) return;
  std::vector<Key> missing(unique.begin(), unique.end());
  std::mutex mutex;
  in_parallel(missing.size(), [&](size_t i) {
    VkPipeline pipeline = build(missing[i]);
    std::scoped_lock lock(mutex);
    pipelines_.emplace(missing[i], pipeline);
  });
  cache_.save();
}

void Pipelines::add_layout(const Kernel& kernel) {
  auto [place, added] = layouts_.try_emplace(&kernel);
  Layout& layout = place->second;
  if (!layout.set) layout.set = create_set_layout(*context_, kernel);
  if (!layout.pipeline) layout.pipeline = create_pipeline_layout(*context_, kernel, layout.set);
}

VkPipeline Pipelines::build(const Key& key) const {
  const auto& [kernel, constants] = key;
  std::vector<VkSpecializationMapEntry> entries = map_entries(constants.size());
  VkSpecializationInfo specialization = {
      .mapEntryCount = static_cast<uint32_t>(entries.size()),
      .pMapEntries = entries.data(),
      .dataSize = constants.size() * 4,
      .pData = constants.data(),
  };
  uint32_t subgroup_size = required_subgroup_size(*context_, *kernel);
  VkPipelineShaderStageRequiredSubgroupSizeCreateInfo subgroup = {
      .sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO,
      .requiredSubgroupSize = subgroup_size,
  };
  VkShaderModule module = create_module(*context_, *kernel);
  VkComputePipelineCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
      .flags = divisible_ ? VkPipelineCreateFlags{VK_PIPELINE_CREATE_DISPATCH_BASE_BIT} : 0,
      .stage = {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
                .pNext = subgroup_size != 0 ? &subgroup : nullptr,
                .stage = VK_SHADER_STAGE_COMPUTE_BIT,
                .module = module,
                .pName = "main",
                .pSpecializationInfo = constants.empty() ? nullptr : &specialization},
      .layout = layouts_.at(kernel).pipeline,
  };
  VkPipeline pipeline = VK_NULL_HANDLE;
  VkResult result = context_->vk.vkCreateComputePipelines(context_->device(), cache_.handle(), 1,
                                                          &info, nullptr, &pipeline);
  context_->vk.vkDestroyShaderModule(context_->device(), module, nullptr);
  check(result, fmt::format("vulkan: kernel '{}'", kernel->name));
  context_->name(VK_OBJECT_TYPE_PIPELINE, pipeline, kernel->name);
  return pipeline;
}

VkPipeline Pipelines::pipeline(const Dispatch& dispatch) const {
  return pipelines_.at({dispatch.kernel, dispatch.constants});
}

}  // namespace pumice::hal::vulkan
