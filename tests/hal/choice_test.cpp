#include "engine/hal/choice.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/errors.h"

namespace pumice::hal {
namespace {

Limits device(DeviceType type, std::string name, std::string driver = "driver 1.0") {
  return {.device_name = std::move(name), .driver = std::move(driver), .type = type};
}

const Limits radeon = device(DeviceType::kDiscreteGpu, "AMD Radeon RX 7600", "radv Mesa 24.0");
const Limits intel = device(DeviceType::kIntegratedGpu, "Intel(R) UHD Graphics", "Intel Mesa");
const Limits lavapipe =
    device(DeviceType::kCpu, "llvmpipe (LLVM 15.0.6, 256 bits)", "llvmpipe Mesa 22.3.6");
const Limits swiftshader =
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
  std::vector<DeviceInfo> devices = machine({swiftshader, intel, lavapipe, radeon});
  std::string choice(std::string_view wanted) { return choose(devices, wanted).limits.device_name; }
};

TEST_F(Choice, OrdersByTypeAndPutsLavapipeBeforeSwiftShader) {
  std::vector<std::string> names;
  for (const DeviceInfo& info : devices) names.push_back(info.limits.device_name);
  EXPECT_EQ(names, std::vector<std::string>({radeon.device_name, intel.device_name,
                                             lavapipe.device_name, swiftshader.device_name}));
}

TEST_F(Choice, TakesTheBestUnlessToldOtherwise) {
  EXPECT_EQ(choice(""), radeon.device_name);
  devices[0].rejected = "it is broken";
  EXPECT_EQ(choice(""), intel.device_name);
}

TEST_F(Choice, ByIndex) { EXPECT_EQ(choice("3"), swiftshader.device_name); }

TEST_F(Choice, ByType) {
  EXPECT_EQ(choice("gpu"), radeon.device_name);
  EXPECT_EQ(choice("discrete"), radeon.device_name);
  EXPECT_EQ(choice("integrated"), intel.device_name);
  EXPECT_EQ(choice("cpu"), lavapipe.device_name);
}

TEST_F(Choice, ByNameOrDriver) {
  EXPECT_EQ(choice("7600"), radeon.device_name);
  EXPECT_EQ(choice("RADV"), radeon.device_name);
  EXPECT_EQ(choice("intel(r)"), intel.device_name);
  EXPECT_EQ(choice("lavapipe"), lavapipe.device_name);
  EXPECT_EQ(choice("swiftshader"), swiftshader.device_name);
}

TEST_F(Choice, ListsEachDeviceWithTheReason) {
  devices = machine({radeon, lavapipe});
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
