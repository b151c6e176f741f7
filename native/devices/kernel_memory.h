#pragma once

#include <filesystem>
#include <functional>
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

/// Whether copies are clearly faster in host-visible memory. Calls `measure` once for each device
/// and driver: the speeds are remembered in `folder`, in a small JSON file. With an empty path, or
/// if the file cannot be read, it measures again; false if the memory does not suffice for that.
/// `notify`, if given, receives a line when host-visible memory was found to be faster.
bool is_host_memory_faster(const hal::Limits& limits, const std::filesystem::path& folder,
                           const std::function<MemorySpeeds()>& measure,
                           const std::function<void(const std::string&)>& notify = {});

}  // namespace pumice::devices
