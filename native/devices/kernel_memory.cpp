#include "native/devices/kernel_memory.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/hash.h"
#include "engine/benchmark/ceilings.h"

namespace pumice::devices {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Less than this is within the noise of a measurement.
constexpr double kClearlyFaster = 1.1;

/// A new driver gets a different file.
fs::path file_for(const fs::path& folder, const hal::Limits& limits) {
  const uint64_t key = hash(fmt::format("{}\n{}", limits.device_name, limits.driver));
  return folder / fmt::format("memory-{:016x}.json", key);
}

std::optional<MemorySpeeds> speeds_in(const fs::path& file) try {
  std::ifstream stream(file);
  const json all = json::parse(stream);
  return MemorySpeeds{.device_local = all.at("device_local").get<double>(),
                      .host_visible = all.at("host_visible").get<double>()};
} catch (const std::exception&) {  // missing or broken
  return {};
}

void remember(const fs::path& folder, const hal::Limits& limits, const MemorySpeeds& speeds) try {
  const json all = {{"device", limits.device_name},
                    {"driver", limits.driver},
                    {"unit", "GB/s"},
                    {"device_local", speeds.device_local},
                    {"host_visible", speeds.host_visible}};
  fs::create_directories(folder);
  write_file_atomically(file_for(folder, limits), all.dump(2) + "\n");
} catch (const std::exception&) {  // the next process measures again
}

/// Absent if the memory does not suffice.
std::optional<MemorySpeeds> measured(const std::function<MemorySpeeds()>& measure) try {
  return measure();
} catch (const hal::OutOfMemory&) {
  return {};
}

bool is_faster(const MemorySpeeds& speeds) {
  return speeds.host_visible > kClearlyFaster * speeds.device_local;
}

}  // namespace

double copy_speed(hal::Device& device) {
  return benchmark::measure_copy(device, {.seconds = 0.1}).summary().median;
}

std::optional<bool> remembered_choice(const hal::Limits& limits, const fs::path& folder) {
  if (folder.empty()) return {};
  const auto known = speeds_in(file_for(folder, limits));
  return known ? std::optional(is_faster(*known)) : std::nullopt;
}

bool is_host_memory_faster(const hal::Limits& limits, const fs::path& folder,
                           const std::function<MemorySpeeds()>& measure,
                           const std::function<void(const std::string&)>& notify) {
  const std::optional<MemorySpeeds> found = measured(measure);
  if (!found) return false;
  if (!folder.empty()) remember(folder, limits, *found);
  if (is_faster(*found) && notify) {
    notify(
        fmt::format("{}: copies at {:.1f} GB/s in device-local memory and at {:.1f} GB/s in "
                    "host-visible memory: buffers are in the latter",
                    limits.device_name, found->device_local, found->host_visible));
  }
  return is_faster(*found);
}

}  // namespace pumice::devices
