#include "tests/support/devices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>

#include "engine/base/cache_folder.h"
#include "engine/hal/cpu/cpu_device.h"
#include "engine/hal/null/null_device.h"
#include "engine/hal/vulkan/vulkan_device.h"
#include "tests/support/device_tests.h"
#include "tests/support/folders.h"

namespace pumice::test {
namespace {

// SwiftShader comes with Debian's chromium but is not among the loader's drivers.
constexpr const char* kSwiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";

void add_swiftshader() {
  if (std::getenv("VK_DRIVER_FILES") || std::getenv("VK_ICD_FILENAMES")) return;
  if (std::filesystem::exists(kSwiftShader)) setenv("VK_ADD_DRIVER_FILES", kSwiftShader, 0);
}

std::string short_name(const hal::Limits& limits) {
  if (limits.driver.find("llvmpipe") != std::string::npos) return "lavapipe";
  if (limits.driver.find("SwiftShader") != std::string::npos) return "swiftshader";
  std::string name;
  for (unsigned char c : limits.device_name) {
    if (std::isalnum(c)) name += static_cast<char>(std::tolower(c));
    if (!std::isalnum(c) && !name.empty() && name.back() != '_') name += '_';
  }
  return name;
}

bool wanted(std::string_view name) {
  const char* list = std::getenv("PUMICE_TEST_DEVICES");
  if (!list || !*list) return true;
  return fmt::format(",{},", list).find(fmt::format(",{},", name)) != std::string::npos;
}

constexpr const char* kCpu = "cpu";

bool wants_only_cpu() {
  const char* list = std::getenv("PUMICE_TEST_DEVICES");
  return list && std::string_view(list) == kCpu;
}

/// Everything of this process that has to do with devices; gone before main() returns.
struct Devices {
  std::vector<std::string> names;
  std::map<std::string, uint32_t, std::less<>> indices;  // in vulkan::list_devices()
  std::map<std::string, std::unique_ptr<hal::Device>, std::less<>> open;

  Devices() {
    if (wanted(kCpu)) names.emplace_back(kCpu);
    if (!wants_only_cpu()) add_vulkan();
    require(!names.empty(), "no usable device that PUMICE_TEST_DEVICES allows");
  }

  void add_vulkan() {
    add_swiftshader();
    for (const hal::DeviceInfo& info : hal::vulkan::list_devices()) {
      std::string name = short_name(info.limits);
      if (indices.contains(name)) name += fmt::format("_{}", info.index);
      if (!info.usable() || !wanted(name)) continue;
      names.push_back(name);
      indices[name] = info.index;
    }
  }
};

std::unique_ptr<Devices>& devices() {
  static std::unique_ptr<Devices> all = std::make_unique<Devices>();
  return all;
}

std::mutex messages_mutex;
std::vector<std::string>& messages() {
  static std::vector<std::string> all;
  return all;
}

void keep_message(std::string_view message) {
  std::scoped_lock lock(messages_mutex);
  messages().emplace_back(message);
}

/// Not that of the program; below its folder on a machine that does not have the build.
std::filesystem::path pipelines_folder() {
  const std::filesystem::path build = build_folder();
  return (std::filesystem::exists(build) ? build : cache_folder()) / "test_pipelines";
}

std::unique_ptr<hal::Device> open_device(std::string_view name) {
  if (name == "null") return hal::null::create_device();
  if (name == kCpu) return hal::cpu::create_device();
  const char* without_validation = std::getenv("PUMICE_ALLOW_NO_VALIDATION");
  const char* seconds = std::getenv("PUMICE_TEST_SUBMIT_SECONDS");
  return hal::vulkan::create_device({
      .device = std::to_string(devices()->indices.find(name)->second),
      .validation = !(without_validation && std::string_view(without_validation) == "1"),
      .on_message = keep_message,
      .cache_folder = pipelines_folder(),
      .seconds_per_submit = seconds ? std::optional(std::atof(seconds)) : std::nullopt,
  });
}

}  // namespace

const std::vector<std::string>& device_names() { return devices()->names; }

hal::Device& device(std::string_view name) {
  std::unique_ptr<hal::Device>& place = devices()->open[std::string(name)];
  if (!place) place = open_device(name);
  return *place;
}

void close_devices() { devices().reset(); }

hal::Device& any_device() { return device(device_names().front()); }

std::vector<std::string> take_validation_messages() {
  std::scoped_lock lock(messages_mutex);
  return std::exchange(messages(), {});
}

}  // namespace pumice::test
