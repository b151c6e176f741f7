#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/hal/choice.h"

namespace pumice::hal::vulkan {

struct Options {
  /// Which device of list_devices(): see hal::choose().
  std::string device;

  /// Loads the Khronos validation layer (core and synchronization checks). Throws Error if it is
  /// not installed.
  bool validation = false;

  /// Receives every validation message, on the thread that caused it. Must not throw.
  std::function<void(std::string_view)> on_message;

  /// Compiled pipelines are cached here between processes, one file per device and driver. Empty:
  /// `${XDG_CACHE_HOME:-~/.cache}/pumice/pipelines`.
  std::filesystem::path cache_folder;

  /// Feature bits to leave out of the limits: those that failed a self-test on this device.
  uint32_t disabled_features = 0;
  /// As above, for the cores of matrix products.
  DisabledCores disabled_cores = {};

  /// Buffers of kernels are in memory that the host sees, too, instead of device-local memory: for
  /// integrated GPUs on which that is faster.
  bool host_memory = false;

  /// Display drivers kill submissions that run too long, so programs are split into submissions of
  /// at most this many dispatches and this many seconds, as the first run of each measures; a
  /// dispatch that takes longer is divided. 0 seconds: no limit, and nothing is measured. Default:
  /// 1 second, and no limit for drivers that run on the CPU, which nobody kills.
  uint32_t dispatches_per_submit = 256;
  std::optional<double> seconds_per_submit = {};

  /// Submissions in flight before write(), run() and read() wait for older ones.
  uint32_t max_pending_submits = 16;
};

/// All devices, best first, in the same order each time. Throws Error if there is no Vulkan loader
/// or no driver.
std::vector<DeviceInfo> list_devices();

/// Opens the device that `options.device` selects. Throws Error: no loader, no driver, no matching
/// device (the message lists each with the reason), no validation layer. The device and the objects
/// it made must be used by one thread at a time; they may be destroyed in any order.
std::unique_ptr<Device> create_device(const Options& options = {});

/// Whether a device that create_device() opened would get another kind of memory with
/// Options::host_memory.
bool has_other_host_memory(const Device& device);

}  // namespace pumice::hal::vulkan
