#include "engine/base/cache_folder.h"
#include "engine/hal/vulkan/vulkan_device.h"
#include "native/commands/command_line.h"
#include "native/system/self_test_cache.h"

namespace {

namespace vulkan = pumice::hal::vulkan;

/// Opens a device whose limits exclude features that failed the self-test.
std::unique_ptr<pumice::hal::Device> open(const pumice::system::DeviceRequest& request) {
  vulkan::Options options = {
      .device = request.device, .validation = request.validation, .on_message = request.on_message};
  auto device = vulkan::create_device(options);
  options.disabled_features =
      pumice::system::cached_wrong_features(*device, pumice::cache_folder());
  return options.disabled_features == 0 ? std::move(device) : vulkan::create_device(options);
}

std::vector<pumice::system::DeviceRow> list() {
  std::vector<pumice::system::DeviceRow> rows;
  for (const vulkan::DeviceInfo& info : vulkan::list_devices()) {
    rows.push_back({.index = info.index, .limits = info.limits, .rejected = info.rejected});
  }
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  return pumice::commands::run_command_line(argc, argv, {.open = open, .list = list});
}
