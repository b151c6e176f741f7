#pragma once

#include <span>
#include <string_view>

#include "engine/hal/vulkan/vulkan_device.h"

namespace pumice::hal::vulkan {

/// Whether `a` stands before `b` in the list of devices: discrete GPU, integrated, virtual, CPU;
/// among CPUs lavapipe before others (it is several times faster than SwiftShader); then by name.
bool before(const Limits& a, const Limits& b);

/// The first usable device that fits `wanted` (see Options::device). Throws Error that lists every
/// device with the reason why it was not chosen.
const DeviceInfo& choose(std::span<const DeviceInfo> devices, std::string_view wanted);

}  // namespace pumice::hal::vulkan
