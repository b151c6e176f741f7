#include "engine/hal/device_type_name.h"

namespace pumice::hal {

std::string_view type_name(DeviceType type) {
  switch (type) {
    case DeviceType::kDiscreteGpu:
      return "discrete";
    case DeviceType::kIntegratedGpu:
      return "integrated";
    case DeviceType::kVirtualGpu:
      return "virtual";
    case DeviceType::kCpu:
      return "cpu";
    case DeviceType::kOther:
      break;
  }
  return "other";
}

}  // namespace pumice::hal
