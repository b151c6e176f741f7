#pragma once

#include <filesystem>
#include <memory>

#include "engine/hal/vulkan/context.h"
#include "engine/hal/vulkan/handle.h"

namespace pumice::hal::vulkan {

/// The driver's compiled pipelines, kept in one file per device and driver. A file that cannot be
/// read or written only costs time and never causes an error.
class PipelineCache {
 public:
  /// An empty `folder` disables the cache.
  PipelineCache(std::shared_ptr<Context> context, const std::filesystem::path& folder);
  ~PipelineCache() = default;
  PipelineCache(const PipelineCache&) = delete;
  PipelineCache& operator=(const PipelineCache&) = delete;

  VkPipelineCache handle() const { return handle_.get(); }

  /// Replaces the file atomically, so that readers never see a partial one.
  void save() const;

 private:
  std::shared_ptr<Context> context_;
  Handle<VkPipelineCache> handle_;
  std::filesystem::path file_;
};

}  // namespace pumice::hal::vulkan
