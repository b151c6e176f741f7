#pragma once

#include <map>
#include <utility>
#include <vector>

#include "engine/hal/plan.h"
#include "engine/hal/vulkan/pipeline_cache.h"

namespace pumice::hal::vulkan {

/// A kernel's bindings and params as Vulkan objects.
struct Layout {
  VkDescriptorSetLayout set = VK_NULL_HANDLE;
  VkPipelineLayout pipeline = VK_NULL_HANDLE;
};

/// All pipelines of a device, each built once per kernel and set of specialization constants.
class Pipelines {
 public:
  /// `divisible`: dispatches may be submitted in pieces (see hal::Piece).
  Pipelines(std::shared_ptr<Context> context, const std::filesystem::path& cache_folder,
            bool divisible);
  ~Pipelines();
  Pipelines(const Pipelines&) = delete;
  Pipelines& operator=(const Pipelines&) = delete;

  /// Builds the missing pipelines of the plan, on several threads. Throws Error with the kernel's
  /// name.
  void prepare(const Plan& plan);

  /// Call only after prepare() of a plan with this dispatch.
  VkPipeline pipeline(const Dispatch& dispatch) const;
  const Layout& layout(const Kernel& kernel) const { return layouts_.at(&kernel); }

 private:
  using Key = std::pair<const Kernel*, std::vector<uint32_t>>;

  void add_layout(const Kernel& kernel);
  VkPipeline build(const Key& key) const;

  std::shared_ptr<Context> context_;
  PipelineCache cache_;
  bool divisible_;
  std::map<const Kernel*, Layout> layouts_;
  std::map<Key, VkPipeline> pipelines_;
};

}  // namespace pumice::hal::vulkan
