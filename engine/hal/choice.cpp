#include "engine/hal/choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <tuple>

#include "engine/base/lowered.h"
#include "engine/base/require.h"

namespace pumice::hal {
namespace {

bool is_lavapipe(const Limits& limits) {
  return lowered(limits.driver).find("llvmpipe") != std::string::npos;
}

bool runs_cpp(const Limits& limits) { return has(limits, Feature::kCpuCode); }

bool is_gpu(DeviceType type) {
  return type == DeviceType::kDiscreteGpu || type == DeviceType::kIntegratedGpu ||
         type == DeviceType::kVirtualGpu;
}

// Longer numbers belong to device names: "4090", "7600".
bool is_index(std::string_view text) {
  return !text.empty() && text.size() <= 2 &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); });
}

bool fits(const DeviceInfo& device, const std::string& wanted) {
  DeviceType type = device.limits.type;
  if (wanted.empty()) return true;
  if (is_index(wanted)) return device.index == std::stoul(wanted);
  if (wanted == "gpu") return is_gpu(type);
  if (wanted == "discrete") return type == DeviceType::kDiscreteGpu;
  if (wanted == "integrated") return type == DeviceType::kIntegratedGpu;
  if (wanted == "virtual") return type == DeviceType::kVirtualGpu;
  if (wanted == "cpu") return type == DeviceType::kCpu;
  if (wanted == "vulkan-cpu") return type == DeviceType::kCpu && !runs_cpp(device.limits);
  if (wanted == "lavapipe") return is_lavapipe(device.limits);
  return lowered(device.limits.device_name).find(wanted) != std::string::npos ||
         lowered(device.limits.driver).find(wanted) != std::string::npos;
}

}  // namespace

bool before(const Limits& a, const Limits& b) {
  auto key = [](const Limits& limits) {
    return std::tuple(limits.type, !runs_cpp(limits), !is_lavapipe(limits), limits.device_name,
                      limits.driver);
  };
  return key(a) < key(b);
}

const DeviceInfo& choose(std::span<const DeviceInfo> devices, std::string_view wanted) {
  require(!devices.empty(),
          "no device on this machine; install a Vulkan driver (Debian: mesa-vulkan-drivers, which "
          "also has lavapipe for machines without a GPU)");
  std::string reasons;
  for (const DeviceInfo& device : devices) {
    bool fitting = fits(device, lowered(wanted));
    if (fitting && device.usable()) return device;
    reasons += fmt::format(
        "{} {} '{}': {}", reasons.empty() ? "" : ";", device.index, device.limits.device_name,
        fitting ? device.rejected : fmt::format("it does not match '{}'", wanted));
  }
  fail("no usable device{}:{}", wanted.empty() ? "" : fmt::format(" matches '{}'", wanted),
       reasons);
}

}  // namespace pumice::hal
