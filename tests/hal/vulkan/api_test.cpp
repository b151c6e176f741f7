#include "engine/hal/vulkan/api.h"

#include <gtest/gtest.h>

#include "engine/hal/device.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"

namespace pumice::hal::vulkan {
namespace {

TEST(VulkanResults, BecomeErrorsOfTheirKind) {
  EXPECT_NO_THROW(check(VK_SUCCESS, "fine"));
  EXPECT_THROW(check(VK_ERROR_DEVICE_LOST, "waiting"), DeviceLost);
  EXPECT_THROW(check(VK_ERROR_OUT_OF_DEVICE_MEMORY, "waiting"), OutOfMemory);
  EXPECT_THROW(check(VK_ERROR_OUT_OF_HOST_MEMORY, "waiting"), OutOfMemory);
  EXPECT_THROW(check(VK_ERROR_UNKNOWN, "waiting"), Error);
}

TEST(VulkanResults, SayWhatWasDone) {
  EXPECT_TRUE(test::contains(test::error_of([] { check(VK_ERROR_DEVICE_LOST, "waiting"); }),
                             "waiting: the device was lost"));
  EXPECT_EQ(test::error_of([] { check(VK_ERROR_FEATURE_NOT_PRESENT, "opening"); }),
            "opening: VK_ERROR_FEATURE_NOT_PRESENT");
  EXPECT_EQ(test::error_of([] { check(static_cast<VkResult>(-77), "opening"); }),
            "opening: VkResult -77");
}

}  // namespace
}  // namespace pumice::hal::vulkan
