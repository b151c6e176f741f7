#include <gtest/gtest.h>

#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

// Filling the memory of a large GPU takes too long, and the desktop may need it.
constexpr uint64_t kSmall = 4ull << 30;

DEVICE_TEST_WITH_NULL(Memory, refuses_buffers_beyond_the_limit) {
  uint64_t bytes = device.limits().max_buffer_bytes + 16;
  EXPECT_THROW(device.allocate(bytes, "huge"), hal::OutOfMemory);
  EXPECT_TRUE(
      contains(error_of([&] { device.allocate(bytes, "huge"); }), "out of memory: 'huge' needs"));
  EXPECT_EQ(download<uint32_t>(device, device.allocate(16, "small"), 4),
            std::vector<uint32_t>(4, 0));
}

DEVICE_TEST(Memory, reports_what_is_left_and_keeps_working) {
  if (device.limits().memory_bytes > kSmall) GTEST_SKIP() << "too much memory";
  uint64_t bytes = device.limits().memory_bytes / 4;
  std::vector<hal::BufferPtr> buffers;
  std::string error = error_of([&] {
    for (int i = 0; i < 8; ++i) buffers.push_back(device.allocate(bytes, "hungry"));
  });
  EXPECT_TRUE(contains(error, "out of memory: 'hungry' needs"));
  EXPECT_TRUE(contains(error, "MiB free"));
  EXPECT_LE(buffers.size(), 4u);
  buffers.clear();
  EXPECT_EQ(device.allocate(bytes, "fits again")->bytes(), bytes);
}

DEVICE_TEST(Memory, of_dropped_buffers_is_used_again) {
  if (device.limits().memory_bytes > kSmall) GTEST_SKIP() << "too much memory";
  for (int i = 0; i < 4; ++i) device.allocate(device.limits().memory_bytes / 3, "dropped");
}

}  // namespace
}  // namespace pumice::test
