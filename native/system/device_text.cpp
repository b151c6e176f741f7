#include "native/system/device_text.h"

#include <fmt/format.h>

namespace pumice::system {

std::string_view type_name(hal::DeviceType type) {
  switch (type) {
    case hal::DeviceType::kDiscreteGpu:
      return "discrete";
    case hal::DeviceType::kIntegratedGpu:
      return "integrated";
    case hal::DeviceType::kVirtualGpu:
      return "virtual";
    case hal::DeviceType::kCpu:
      return "cpu";
    case hal::DeviceType::kOther:
      break;
  }
  return "other";
}

std::string device_line(const hal::Limits& limits) {
  return fmt::format("{}, {}, {}, {}", limits.device_name, type_name(limits.type), limits.driver,
                     limits.api);
}

}  // namespace pumice::system
