#pragma once

#include <string_view>

#include "engine/hal/device.h"

namespace pumice::hal {

/// "discrete", "integrated", "virtual", "cpu", "other".
std::string_view type_name(DeviceType type);

}  // namespace pumice::hal
