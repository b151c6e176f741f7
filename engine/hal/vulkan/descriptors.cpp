#include "engine/hal/vulkan/descriptors.h"

#include <algorithm>

#include "engine/hal/vulkan/buffer.h"

namespace pumice::hal::vulkan {

Descriptors::Descriptors(const Context& context, const Pipelines& pipelines, const Plan& plan)
    : context_(context), pool_(context.device(), context.vk.vkDestroyDescriptorPool) {
  if (plan.dispatches.empty()) return;
  create_pool(plan);
  allocate_sets(pipelines, plan);
  for (size_t i = 0; i < sets_.size(); ++i) write_set(sets_[i], plan, plan.dispatches[i]);
}

void Descriptors::create_pool(const Plan& plan) {
  uint32_t buffers = 0, texels = 0;
  for (const Dispatch& dispatch : plan.dispatches) {
    for (Access access : dispatch.kernel->bindings) ++(access == Access::kTexel ? texels : buffers);
  }
  // A pool size of zero is invalid, so each type counts at least one.
  VkDescriptorPoolSize sizes[] = {
      {VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, std::max(buffers, 1u)},
      {VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER, std::max(texels, 1u)},
  };
  VkDescriptorPoolCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
      .maxSets = static_cast<uint32_t>(plan.dispatches.size()),
      .poolSizeCount = 2,
      .pPoolSizes = sizes,
  };
  check(context_.vk.vkCreateDescriptorPool(context_.device(), &info, nullptr, pool_.place()),
        "vulkan: cannot create a descriptor pool");
}

void Descriptors::allocate_sets(const Pipelines& pipelines, const Plan& plan) {
  std::vector<VkDescriptorSetLayout> layouts;
  for (const Dispatch& dispatch : plan.dispatches) {
    layouts.push_back(pipelines.layout(*dispatch.kernel).set);
  }
  VkDescriptorSetAllocateInfo info = {
      .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO,
      .descriptorPool = pool_.get(),
      .descriptorSetCount = static_cast<uint32_t>(layouts.size()),
      .pSetLayouts = layouts.data(),
  };
  sets_.resize(layouts.size());
  check(context_.vk.vkAllocateDescriptorSets(context_.device(), &info, sets_.data()),
        "vulkan: cannot allocate descriptor sets");
}

VkBufferView Descriptors::create_texel_view(VkBuffer buffer, const BufferView& view) {
  VkBufferViewCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO,
      .buffer = buffer,
      .format = VK_FORMAT_R32G32B32A32_SFLOAT,
      .offset = view.offset,
      .range = view.bytes,
  };
  Handle<VkBufferView> handle(context_.device(), context_.vk.vkDestroyBufferView);
  check(context_.vk.vkCreateBufferView(context_.device(), &info, nullptr, handle.place()),
        "vulkan: cannot create a texel buffer view");
  texel_views_.push_back(std::move(handle));
  return texel_views_.back().get();
}

void Descriptors::write_set(VkDescriptorSet set, const Plan& plan, const Dispatch& dispatch) {
  size_t count = dispatch.bindings.size();
  std::vector<VkDescriptorBufferInfo> buffers(count);
  std::vector<VkBufferView> texels(count);
  std::vector<VkWriteDescriptorSet> writes(count);
  for (size_t i = 0; i < count; ++i) {
    const BufferView& view = dispatch.bindings[i];
    VkBuffer buffer = static_cast<const Buffer&>(*plan.buffers[view.buffer]).handle();
    bool texel = dispatch.kernel->bindings[i] == Access::kTexel;
    if (texel) texels[i] = create_texel_view(buffer, view);
    if (!texel) buffers[i] = {buffer, view.offset, view.bytes};
    writes[i] = {
        .sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
        .dstSet = set,
        .dstBinding = static_cast<uint32_t>(i),
        .descriptorCount = 1,
        .descriptorType =
            texel ? VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
        .pBufferInfo = texel ? nullptr : &buffers[i],
        .pTexelBufferView = texel ? &texels[i] : nullptr,
    };
  }
  context_.vk.vkUpdateDescriptorSets(context_.device(), static_cast<uint32_t>(count), writes.data(),
                                     0, nullptr);
}

}  // namespace pumice::hal::vulkan
