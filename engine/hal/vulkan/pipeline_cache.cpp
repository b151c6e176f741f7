#include "engine/hal/vulkan/pipeline_cache.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

namespace pumice::hal::vulkan {
namespace {

namespace fs = std::filesystem;

std::string file_name(const PhysicalDevice& physical) {
  return fmt::format("{:02x}-{:02x}", fmt::join(physical.device_uuid, ""),
                     fmt::join(physical.driver_uuid, ""));
}

std::vector<char> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Drivers should ignore what another driver wrote, and not all do.
bool is_for(const VkPhysicalDeviceProperties& properties, const std::vector<char>& content) {
  VkPipelineCacheHeaderVersionOne header;
  if (content.size() < sizeof(header)) return false;
  std::memcpy(&header, content.data(), sizeof(header));
  return header.headerVersion == VK_PIPELINE_CACHE_HEADER_VERSION_ONE &&
         header.vendorID == properties.vendorID && header.deviceID == properties.deviceID &&
         std::ranges::equal(header.pipelineCacheUUID, properties.pipelineCacheUUID);
}

/// Unique enough among processes that save at the same time.
fs::path name_beside(const fs::path& path) {
  auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return fs::path(path).concat(fmt::format(".{:x}", now));
}

bool write_file(const fs::path& path, const std::vector<char>& content) {
  std::ofstream file(path, std::ios::binary);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  return file.good();
}

}  // namespace

PipelineCache::PipelineCache(std::shared_ptr<Context> context, const fs::path& folder)
    : context_(std::move(context)) {
  std::vector<char> content;
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
  check(context_->vk.vkCreatePipelineCache(context_->device(), &info, nullptr, &handle_),
        "vulkan: cannot create a pipeline cache");
}

PipelineCache::~PipelineCache() {
  context_->vk.vkDestroyPipelineCache(context_->device(), handle_, nullptr);
}

void PipelineCache::save() const {
  if (file_.empty()) return;
  size_t size = 0;
  context_->vk.vkGetPipelineCacheData(context_->device(), handle_, &size, nullptr);
  std::vector<char> content(size);
  VkResult result =
      context_->vk.vkGetPipelineCacheData(context_->device(), handle_, &size, content.data());
  if (result != VK_SUCCESS) return;
  content.resize(size);

  std::error_code ignored;
  fs::create_directories(file_.parent_path(), ignored);
  fs::path beside = name_beside(file_);
  if (write_file(beside, content)) fs::rename(beside, file_, ignored);
  fs::remove(beside, ignored);
}

}  // namespace pumice::hal::vulkan
