#include "native/commands/train/rank_device.h"

#include <vector>

#include "native/commands/session.h"

namespace pumice::commands {
namespace {

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t comma = list.find(','); comma != list.npos; comma = list.find(',', begin)) {
    parts.push_back(list.substr(begin, comma - begin));
    begin = comma + 1;
  }
  parts.push_back(list.substr(begin));
  return parts;
}

bool are_alike(const hal::Limits& a, const hal::Limits& b) {
  return a.type == b.type && has(a, hal::Feature::kCpuCode) == has(b, hal::Feature::kCpuCode);
}

}  // namespace

std::string device_of_rank(std::span<const hal::DeviceInfo> devices, const std::string& wanted,
                           const train::Ranks& ranks) {
  if (!wanted.empty()) {
    const std::vector<std::string> list = split(wanted);
    if (list.size() == 1) return wanted;
    if (list.size() != ranks.size()) {
      throw UsageError(
          fmt::format("train: --device: expected one device, or {}, one for each rank, "
                      "got {}",
                      ranks.size(), list.size()));
    }
    return list[ranks.rank()];
  }
  const hal::DeviceInfo& best = hal::choose(devices, "");
  std::vector<uint32_t> alike;
  for (const hal::DeviceInfo& device : devices) {
    if (device.usable() && are_alike(device.limits, best.limits)) alike.push_back(device.index);
  }
  return fmt::to_string(alike[ranks.local_rank() % alike.size()]);
}

}  // namespace pumice::commands
