#include "native/commands/sweep/sweep_devices.h"

#include <algorithm>

namespace pumice::commands {
namespace {

bool is_gpu(const hal::DeviceInfo& device) {
  using Type = hal::DeviceType;
  const Type type = device.limits.type;
  return type == Type::kDiscreteGpu || type == Type::kIntegratedGpu || type == Type::kVirtualGpu;
}

std::vector<std::string> all_devices(const std::vector<hal::DeviceInfo>& there) {
  const bool has_gpu = std::ranges::any_of(
      there, [](const hal::DeviceInfo& device) { return device.usable() && is_gpu(device); });
  std::vector<std::string> indices;
  for (const hal::DeviceInfo& device : there) {
    const bool is_wanted = device.usable() && (is_gpu(device) || !has_gpu);
    if (is_wanted) indices.push_back(fmt::to_string(device.index));
  }
  require(!indices.empty(), "--devices: this machine has no device that can be used");
  return indices;
}

}  // namespace

std::vector<std::string> devices_of(const std::vector<std::string>& listed,
                                    const Session& session) {
  if (listed.empty()) return {session.device};
  const std::vector<hal::DeviceInfo> there = session.backend().list();
  if (listed == std::vector<std::string>{"all"}) return all_devices(there);
  std::vector<std::string> indices;
  for (const std::string& wanted : listed) {
    require(wanted != "all", "--devices: expected 'all' alone, or a list of devices");
    const std::string index = fmt::to_string(hal::choose(there, wanted).index);
    require(std::ranges::count(indices, index) == 0, "--devices: '{}' is device {}, listed before",
            wanted, index);
    indices.push_back(index);
  }
  return indices;
}

}  // namespace pumice::commands
