#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/hal/device.h"

namespace pumice::hal {

/// A device of this machine, whether or not Pumice can use it.
struct DeviceInfo {
  uint32_t index = 0;    ///< its place in the list of devices
  Limits limits;         ///< including name, driver, api, type and memory
  std::string rejected;  ///< why Pumice cannot use it; empty if it can

  bool usable() const { return rejected.empty(); }
};

/// Whether `a` comes before `b` in the list of devices: discrete GPU, integrated, virtual, CPU.
/// Among CPUs: the device of engine/hal/cpu, lavapipe, then SwiftShader, each several times as fast
/// as the next; then by name.
bool before(const Limits& a, const Limits& b);

/// The first usable device that matches `wanted`, ignoring case: empty for any; an index (one or
/// two digits); a type (gpu, discrete, integrated, virtual, cpu, or vulkan-cpu for Vulkan drivers
/// on the CPU); or part of the device or driver name ("nvidia", "lavapipe"). Throws Error that
/// lists every device and why it was not chosen.
const DeviceInfo& choose(std::span<const DeviceInfo> devices, std::string_view wanted);

}  // namespace pumice::hal
