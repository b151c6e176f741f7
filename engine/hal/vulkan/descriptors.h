#pragma once

#include <vector>

#include "engine/hal/vulkan/handle.h"
#include "engine/hal/vulkan/pipelines.h"

namespace pumice::hal::vulkan {

/// One descriptor set per dispatch of a plan, from a pool of exactly the size needed.
class Descriptors {
 public:
  Descriptors(const Context& context, const Pipelines& pipelines, const Plan& plan);
  ~Descriptors() = default;
  Descriptors(const Descriptors&) = delete;
  Descriptors& operator=(const Descriptors&) = delete;

  VkDescriptorSet set(size_t dispatch) const { return sets_[dispatch]; }

 private:
  void create_pool(const Plan& plan);
  void allocate_sets(const Pipelines& pipelines, const Plan& plan);
  void write_set(VkDescriptorSet set, const Plan& plan, const Dispatch& dispatch);
  VkBufferView create_texel_view(VkBuffer buffer, const BufferView& view);

  const Context& context_;
  std::vector<Handle<VkBufferView>> texel_views_;
  Handle<VkDescriptorPool> pool_;
  std::vector<VkDescriptorSet> sets_;
};

}  // namespace pumice::hal::vulkan
