#include "native/devices/devices.h"

#include <algorithm>

#include "engine/base/cache_folder.h"
#include "engine/hal/choice.h"
#ifdef PUMICE_CPU
#include "engine/hal/cpu/cpu_device.h"
#endif
#ifdef PUMICE_VULKAN
#include "engine/hal/vulkan/vulkan_device.h"
#include "native/system/self_test_cache.h"
#endif

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

#ifdef PUMICE_VULKAN

std::unique_ptr<hal::Device> open_vulkan(uint32_t index, const system::DeviceRequest& request) {
  hal::vulkan::Options options = {.device = std::to_string(index),
                                  .validation = request.validation,
                                  .on_message = request.on_message};
  auto device = hal::vulkan::create_device(options);
  options.disabled_features = system::cached_wrong_features(*device, cache_folder());
  return options.disabled_features == 0 ? std::move(device) : hal::vulkan::create_device(options);
}

void add_vulkan(Found& found) {
  try {
    for (const DeviceInfo& info : hal::vulkan::list_devices()) {
      found.entries.push_back({info, [index = info.index](const system::DeviceRequest& request) {
                                 return open_vulkan(index, request);
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

void add_cpu(Found& found) {
  Entry entry;
  try {
    entry.info.limits = hal::cpu::describe();
  } catch (const Error& error) {
    entry.info.rejected = error.what();
    entry.info.limits = {.device_name = "CPU", .api = "C++", .type = hal::DeviceType::kCpu};
  }
  entry.open = [](const system::DeviceRequest& /*request*/) { return hal::cpu::create_device(); };
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
