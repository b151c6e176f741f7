#include "native/devices/devices.h"

#include <algorithm>
#include <optional>

#include "engine/base/cache_folder.h"
#include "engine/hal/choice.h"
#ifdef PUMICE_CPU
#include "engine/hal/cpu/cpu_device.h"
#endif
#ifdef PUMICE_VULKAN
#include "engine/hal/vulkan/vulkan_device.h"
#endif
#include "native/devices/kernel_memory.h"
#include "native/system/self_test_cache.h"

namespace pumice {
namespace {

using hal::DeviceInfo;

/// A device and how to open it.
struct Entry {
  DeviceInfo info;
  std::function<std::unique_ptr<hal::Device>(const system::DeviceRequest&)> open;
};

struct Found {
  std::vector<Entry> entries;
  std::string problem;  ///< why there may be fewer than expected
};

self_test::Disabled to_disable(hal::Device& device, const system::DeviceRequest& request) {
  if (request.with_every_core) return {};
  return system::cached_self_test(device, cache_folder(), request.notify);
}

#ifdef PUMICE_VULKAN

/// By turns, and the best of both: the first measurement wakes the device.
devices::MemorySpeeds memory_speeds(hal::Device& device_local, hal::Device& host_visible) {
  devices::MemorySpeeds best;
  for (int round = 0; round < 3; ++round) {
    best.device_local = std::max(best.device_local, devices::copy_speed(device_local));
    best.host_visible = std::max(best.host_visible, devices::copy_speed(host_visible));
  }
  return best;
}

/// Whether to open the device again, with its buffers in host-visible memory. `device`: opened with
/// device-local buffers.
bool to_use_host_memory(hal::Device& device, hal::vulkan::Options options,
                        const system::DeviceRequest& request) {
  if (!hal::vulkan::has_other_host_memory(device)) return false;
  const auto measure = [&] {
    options.host_memory = true;
    const auto other = hal::vulkan::create_device(options);
    return memory_speeds(device, *other);
  };
  return devices::is_host_memory_faster(device.limits(), cache_folder(), measure, request.notify);
}

std::unique_ptr<hal::Device> open_vulkan(const DeviceInfo& info,
                                         const system::DeviceRequest& request) {
  std::optional<bool> known = false;  // absent: to be measured
  if (info.limits.type == hal::DeviceType::kIntegratedGpu) {
    known = devices::remembered_choice(info.limits, cache_folder());
  }
  hal::vulkan::Options options = {.device = std::to_string(info.index),
                                  .validation = request.validation,
                                  .on_message = request.on_message,
                                  .host_memory = known.value_or(false)};
  auto device = hal::vulkan::create_device(options);
  if (!known && to_use_host_memory(*device, options, request)) {
    options.host_memory = true;
    device = hal::vulkan::create_device(options);
  }
  const self_test::Disabled disabled = to_disable(*device, request);
  if (disabled == self_test::Disabled{}) return device;
  options.disabled_features = disabled.features;
  options.disabled_cores = disabled.cores;
  return hal::vulkan::create_device(options);
}

void add_vulkan(Found& found) {
  try {
    for (const DeviceInfo& info : hal::vulkan::list_devices()) {
      found.entries.push_back({info, [info](const system::DeviceRequest& request) {
                                 return open_vulkan(info, request);
                               }});
    }
  } catch (const Error& error) {
    found.problem = error.what();  // no loader, or no driver
  }
}

#else

void add_vulkan(Found& /*found*/) {}

#endif

#ifdef PUMICE_CPU

std::unique_ptr<hal::Device> open_cpu(const system::DeviceRequest& request) {
  auto device = hal::cpu::create_device();
  const self_test::Disabled disabled = to_disable(*device, request);
  if (disabled == self_test::Disabled{}) return device;
  return hal::cpu::create_device({.disabled_cores = disabled.cores});
}

void add_cpu(Found& found) {
  hal::cpu::require_valid_variables();  // rather than take another device than was asked for
  Entry entry;
  try {
    entry.info.limits = hal::cpu::describe();
  } catch (const Error& error) {
    entry.info.rejected = error.what();
    entry.info.limits = {.device_name = "CPU", .api = "C++", .type = hal::DeviceType::kCpu};
  }
  entry.open = open_cpu;
  found.entries.push_back(std::move(entry));
}

#else

void add_cpu(Found& /*found*/) {}

#endif

Found find() {
  Found found;
  add_vulkan(found);
  add_cpu(found);
  if (found.entries.empty() && !found.problem.empty()) fail("{}", found.problem);
  std::ranges::stable_sort(found.entries, [](const Entry& a, const Entry& b) {
    return hal::before(a.info.limits, b.info.limits);
  });
  uint32_t index = 0;
  for (Entry& entry : found.entries) entry.info.index = index++;
  return found;
}

std::vector<DeviceInfo> infos(const Found& found) {
  std::vector<DeviceInfo> all;
  for (const Entry& entry : found.entries) all.push_back(entry.info);
  return all;
}

std::unique_ptr<hal::Device> open(const system::DeviceRequest& request) {
  const Found found = find();
  try {
    const std::vector<DeviceInfo> all = infos(found);
    return found.entries[hal::choose(all, request.device).index].open(request);
  } catch (const Error& error) {
    if (found.problem.empty()) throw;
    fail("{}; {}", error.what(), found.problem);
  }
}

}  // namespace

system::Backend all_devices() {
  return {.open = open, .list = [] { return infos(find()); }};
}

}  // namespace pumice
