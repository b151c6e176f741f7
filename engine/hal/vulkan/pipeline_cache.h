#pragma once

#include <filesystem>
#include <memory>

#include "engine/hal/vulkan/context.h"

namespace pumice::hal::vulkan {

/// The driver's compiled pipelines, kept in one file per device and driver. A file that cannot be
/// read or written only costs time: nothing here throws for it.
class PipelineCache {
 public:
  /// `folder` empty: nothing is kept.
  PipelineCache(std::shared_ptr<Context> context, const std::filesystem::path& folder);
  ~PipelineCache();
  PipelineCache(const PipelineCache&) = delete;
  PipelineCache& operator=(const PipelineCache&) = delete;

  VkPipelineCache handle() const { return handle_; }

  /// Writes the file beside its place and renames it there, so that readers never see half a file.
  void save() const;

 private:
  std::shared_ptr<Context> context_;
  std::filesystem::path file_;
  VkPipelineCache handle_ = VK_NULL_HANDLE;
};

}  // namespace pumice::hal::vulkan
