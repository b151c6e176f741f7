#include "engine/hal/preferences.h"

#include <gtest/gtest.h>

#include "tests/support/devices.h"
#include "tests/support/limits.h"

namespace pumice::test {
namespace {

using hal::DeviceType;

TEST(Preferences, read_texels_on_cpu_drivers_with_wide_vectors) {
  EXPECT_TRUE(limits_of(DeviceType::kCpu, 8).prefers.texel_loads);
  EXPECT_FALSE(limits_of(DeviceType::kCpu, 4).prefers.texel_loads);
  EXPECT_FALSE(limits_of(DeviceType::kDiscreteGpu, 8).prefers.texel_loads);
  hal::Limits limits = limits_of(DeviceType::kCpu, 8);
  limits.features = static_cast<uint32_t>(hal::Feature::kSubgroupShuffle);
  EXPECT_FALSE(hal::preferences_of(limits).texel_loads);
}

TEST(Preferences, distinguish_cpus_gpus_and_browsers) {
  const auto cpu = limits_of(DeviceType::kCpu, 8).prefers;
  EXPECT_TRUE(cpu.register_tiles);
  EXPECT_FALSE(cpu.many_threads);
  EXPECT_FALSE(cpu.concurrent_dispatches);
  EXPECT_FALSE(cpu.woven_programs);
  EXPECT_FALSE(cpu.short_submissions);
  const auto gpu = limits_of(DeviceType::kDiscreteGpu, 32).prefers;
  EXPECT_FALSE(gpu.register_tiles);
  EXPECT_TRUE(gpu.many_threads);
  EXPECT_TRUE(gpu.concurrent_dispatches);
  EXPECT_TRUE(gpu.woven_programs);
  EXPECT_TRUE(gpu.short_submissions);
  EXPECT_LT(limits_of(DeviceType::kIntegratedGpu, 32).prefers.workgroups, gpu.workgroups);
  const auto browser = limits_of(DeviceType::kOther, 0).prefers;
  EXPECT_FALSE(browser.register_tiles);
  EXPECT_FALSE(browser.many_threads);
}

DEVICE_TEST(Preferences, are_filled_in_by_the_backend) {
  const hal::Preferences expected = hal::preferences_of(device.limits());
  const hal::Preferences& actual = device.limits().prefers;
  EXPECT_EQ(actual.texel_loads, expected.texel_loads);
  EXPECT_EQ(actual.register_tiles, expected.register_tiles);
  EXPECT_EQ(actual.many_threads, expected.many_threads);
  EXPECT_EQ(actual.concurrent_dispatches, expected.concurrent_dispatches);
  EXPECT_EQ(actual.threads_per_row, expected.threads_per_row);
}

}  // namespace
}  // namespace pumice::test
