#pragma once

#include <string>

#include "engine/hal/device.h"

namespace pumice::system {

/// "llvmpipe (LLVM 15.0.6, 256 bits), cpu, llvmpipe Mesa 22.3.6, Vulkan 1.3.230".
std::string device_line(const hal::Limits& limits);

}  // namespace pumice::system
