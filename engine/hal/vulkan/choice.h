#pragma once

#include <span>
#include <string_view>

#include "engine/hal/vulkan/vulkan_device.h"

namespace pumice::hal::vulkan {

/// Whether `a` comes before `b` in the list of devices: discrete GPU, integrated, virtual, CPU;
/// among CPU drivers lavapipe first (it is several times faster than SwiftShader); then by name.
bool before(const Limits& a, const Limits& b);

/// The first usable device that matches `wanted` (see Options::device). Throws Error that lists
/// every device and why it was not chosen.
const DeviceInfo& choose(std::span<const DeviceInfo> devices, std::string_view wanted);

}  // namespace pumice::hal::vulkan
