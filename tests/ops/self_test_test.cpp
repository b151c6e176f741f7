#include "engine/ops/self_test.h"

#include <gtest/gtest.h>

#include "tests/support/devices.h"
#include "tests/support/wrong_device.h"

namespace pumice::test {
namespace {

DEVICE_TEST(SelfTest, keeps_the_features_of_a_device_that_computes_correctly) {
  EXPECT_EQ(ops::wrong_features(device), 0u);
}

TEST(SelfTest, drops_texel_buffers_if_their_kernel_is_wrong) {
  auto device = hal::null::create_device(wrong_device());
  EXPECT_EQ(ops::wrong_features(*device), static_cast<uint32_t>(hal::Feature::kTexelBuffer));
}

TEST(SelfTest, is_only_for_devices_that_use_the_kernel) {
  EXPECT_NE(ops::self_tested_kernel(wrong_device()), nullptr);
  EXPECT_EQ(ops::self_tested_kernel(limits_of(hal::DeviceType::kDiscreteGpu, 32)), nullptr);
}

}  // namespace
}  // namespace pumice::test
