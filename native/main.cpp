#include "engine/hal/vulkan/vulkan_device.h"
#include "native/commands/command_line.h"

namespace {

namespace vulkan = pumice::hal::vulkan;

std::unique_ptr<pumice::hal::Device> open(const pumice::DeviceRequest& request) {
  return vulkan::create_device({.device = request.device,
                                .validation = request.validation,
                                .on_message = request.on_message});
}

std::vector<pumice::DeviceRow> list() {
  std::vector<pumice::DeviceRow> rows;
  for (const vulkan::DeviceInfo& info : vulkan::list_devices()) {
    rows.push_back({.index = info.index, .limits = info.limits, .rejected = info.rejected});
  }
  return rows;
}

}  // namespace

int main(int argc, char** argv) {
  return pumice::commands::run_command_line(argc, argv, {.open = open, .list = list});
}
