#pragma once

#include <span>
#include <string>
#include <string_view>

#include "native/run/backend.h"

namespace pumice::report {

/// "discrete", "integrated", "virtual", "cpu", "other".
std::string_view type_name(hal::DeviceType type);

/// "llvmpipe (LLVM 15.0.6, 256 bits), cpu, llvmpipe Mesa 22.3.6, Vulkan 1.3.230".
std::string device_line(const hal::Limits& limits);

/// One line for each device under a line of titles; reasons follow those that cannot be used.
std::string device_table(std::span<const DeviceRow> rows);

}  // namespace pumice::report
