#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "engine/hal/device.h"

/// In which memory the buffers of an integrated GPU are. Processor and GPU share its memory, but
/// drivers may access the device-local and the host-visible part of it at different speeds.
namespace pumice::devices {

/// GB/s, bytes read and written by copies.
struct MemorySpeeds {
  double device_local = 0;
  double host_visible = 0;
};

/// Of 128 MiB, or of as much as the device binds, in a fraction of a second.
double copy_speed(hal::Device& device);

/// What is_host_memory_faster() found on this device with this driver. Absent if `folder` holds no
/// file of it that can be read.
std::optional<bool> remembered_choice(const hal::Limits& limits,
                                      const std::filesystem::path& folder);

/// Whether copies are clearly faster in host-visible memory; false if the memory does not suffice
/// to `measure` it. The speeds are remembered in `folder`, in a small JSON file, unless the path is
/// empty. `notify`, if given, receives a line if host-visible memory is the faster.
bool is_host_memory_faster(const hal::Limits& limits, const std::filesystem::path& folder,
                           const std::function<MemorySpeeds()>& measure,
                           const std::function<void(const std::string&)>& notify = {});

}  // namespace pumice::devices
