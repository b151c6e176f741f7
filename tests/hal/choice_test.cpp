#include "engine/hal/choice.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/errors.h"

namespace pumice::hal {
namespace {

Limits device(DeviceType type, std::string name, std::string driver = "driver 1.0") {
  return {.device_name = std::move(name), .driver = std::move(driver), .type = type};
}

const Limits kRadeon = device(DeviceType::kDiscreteGpu, "AMD Radeon RX 7600", "radv Mesa 24.0");
const Limits kIntel = device(DeviceType::kIntegratedGpu, "Intel(R) UHD Graphics", "Intel Mesa");
const Limits kLavapipe =
    device(DeviceType::kCpu, "llvmpipe (LLVM 15.0.6, 256 bits)", "llvmpipe Mesa 22.3.6");
const Limits kSwiftShader =
    device(DeviceType::kCpu, "A SwiftShader Device", "SwiftShader driver 5.0.0");

std::vector<DeviceInfo> machine(std::vector<Limits> devices) {
  std::ranges::sort(devices, before);
  std::vector<DeviceInfo> infos;
  for (Limits& limits : devices) {
    infos.push_back({.index = static_cast<uint32_t>(infos.size()), .limits = limits});
  }
  return infos;
}

struct Choice : testing::Test {
  std::vector<DeviceInfo> devices = machine({kSwiftShader, kIntel, kLavapipe, kRadeon});
  std::string choice(std::string_view wanted) { return choose(devices, wanted).limits.device_name; }
};

TEST_F(Choice, OrdersByTypeAndPutsLavapipeBeforeSwiftShader) {
  std::vector<std::string> names;
  for (const DeviceInfo& info : devices) names.push_back(info.limits.device_name);
  EXPECT_EQ(names, std::vector<std::string>({kRadeon.device_name, kIntel.device_name,
                                             kLavapipe.device_name, kSwiftShader.device_name}));
}

TEST_F(Choice, TakesTheBestUnlessToldOtherwise) {
  EXPECT_EQ(choice(""), kRadeon.device_name);
  devices[0].rejected = "it is broken";
  EXPECT_EQ(choice(""), kIntel.device_name);
}

TEST_F(Choice, TakesTheProcessorItselfBeforeDriversOnIt) {
  Limits cpu = device(DeviceType::kCpu, "Zen", "pumice 0.1.0, x86-64-v3");
  cpu.features = static_cast<uint32_t>(Feature::kCpuCode);
  devices = machine({kLavapipe, cpu, kIntel});
  EXPECT_EQ(choice(""), kIntel.device_name);
  EXPECT_EQ(choice("cpu"), "Zen");
  EXPECT_EQ(choice("vulkan-cpu"), kLavapipe.device_name);
  EXPECT_EQ(choice("1"), "Zen");
}

TEST_F(Choice, ByIndex) { EXPECT_EQ(choice("3"), kSwiftShader.device_name); }

TEST_F(Choice, ByType) {
  EXPECT_EQ(choice("gpu"), kRadeon.device_name);
  EXPECT_EQ(choice("discrete"), kRadeon.device_name);
  EXPECT_EQ(choice("integrated"), kIntel.device_name);
  EXPECT_EQ(choice("cpu"), kLavapipe.device_name);
}

TEST_F(Choice, ByNameOrDriver) {
  EXPECT_EQ(choice("7600"), kRadeon.device_name);
  EXPECT_EQ(choice("RADV"), kRadeon.device_name);
  EXPECT_EQ(choice("intel(r)"), kIntel.device_name);
  EXPECT_EQ(choice("lavapipe"), kLavapipe.device_name);
  EXPECT_EQ(choice("swiftshader"), kSwiftShader.device_name);
}

TEST_F(Choice, ListsEachDeviceWithTheReason) {
  devices = machine({kRadeon, kLavapipe});
  devices[0].rejected = "it lacks the feature timelineSemaphore";
  EXPECT_EQ(test::error_of([&] { choose(devices, "gpu"); }),
            "no usable device matches 'gpu': 0 'AMD Radeon RX 7600': it lacks the feature "
            "timelineSemaphore; 1 'llvmpipe (LLVM 15.0.6, 256 bits)': it does not match "
            "'gpu'");
  EXPECT_NE(test::error_of([&] { choose({}, ""); }).find("no device on this machine"),
            std::string::npos);
}

}  // namespace
}  // namespace pumice::hal
