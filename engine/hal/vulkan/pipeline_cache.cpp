#include "engine/hal/vulkan/pipeline_cache.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/base/atomic_file.h"

namespace pumice::hal::vulkan {
namespace {

namespace fs = std::filesystem;

std::string file_name(const PhysicalDevice& physical) {
  return fmt::format("{:02x}-{:02x}", fmt::join(physical.device_uuid, ""),
                     fmt::join(physical.driver_uuid, ""));
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Drivers should ignore what another driver wrote, but not all do.
bool is_for(const VkPhysicalDeviceProperties& properties, std::string_view content) {
  VkPipelineCacheHeaderVersionOne header;
  if (content.size() < sizeof(header)) return false;
  std::memcpy(&header, content.data(), sizeof(header));
  return header.headerVersion == VK_PIPELINE_CACHE_HEADER_VERSION_ONE &&
         header.vendorID == properties.vendorID && header.deviceID == properties.deviceID &&
         std::ranges::equal(header.pipelineCacheUUID, properties.pipelineCacheUUID);
}

}  // namespace

PipelineCache::PipelineCache(std::shared_ptr<Context> context, const fs::path& folder)
    : context_(std::move(context)),
      handle_(context_->device(), context_->vk.vkDestroyPipelineCache) {
  std::string content;
  if (!folder.empty()) {
    file_ = folder / file_name(context_->physical());
    content = read_file(file_);
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(context_->physical().handle, &properties);
    if (!is_for(properties, content)) content.clear();
  }
  VkPipelineCacheCreateInfo info = {
      .sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO,
      .initialDataSize = content.size(),
      .pInitialData = content.data(),
  };
  check(context_->vk.vkCreatePipelineCache(context_->device(), &info, nullptr, handle_.place()),
        "vulkan: cannot create a pipeline cache");
}

void PipelineCache::save() const try {
  if (file_.empty()) return;
  size_t size = 0;
  context_->vk.vkGetPipelineCacheData(context_->device(), handle_.get(), &size, nullptr);
  std::string content(size, '\0');
  VkResult result =
      context_->vk.vkGetPipelineCacheData(context_->device(), handle_.get(), &size, content.data());
  if (result != VK_SUCCESS) return;
  content.resize(size);
  fs::create_directories(file_.parent_path());
  write_file_atomically(file_, content);
} catch (const std::exception&) {  // the next process just compiles again
}

}  // namespace pumice::hal::vulkan
