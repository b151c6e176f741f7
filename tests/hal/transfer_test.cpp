#include <gtest/gtest.h>

#include <numeric>

#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

std::vector<uint32_t> numbers(size_t count, uint32_t first = 0) {
  std::vector<uint32_t> values(count);
  std::iota(values.begin(), values.end(), first);
  return values;
}

DEVICE_TEST_WITH_NULL(Transfer, allocates_zeros) {
  for (uint64_t bytes : {0, 1, 16, 17, 4096, 1000003}) {
    hal::BufferPtr buffer = device.allocate(bytes, "zeros");
    EXPECT_EQ(buffer->bytes() % 16, 0u);
    EXPECT_GE(buffer->bytes(), std::max<uint64_t>(bytes, 1));
    EXPECT_LE(buffer->bytes(), bytes + 16);
    std::vector<std::byte> content = device.read(*buffer)->take();
    EXPECT_EQ(content, std::vector<std::byte>(buffer->bytes()));
  }
}

DEVICE_TEST(Transfer, allocates_zeros_where_others_were) {
  std::vector<uint32_t> ones(1 << 16, 1);
  for (int i = 0; i < 20; ++i) {
    hal::BufferPtr buffer = device.allocate(ones.size() * 4, "reused");
    EXPECT_EQ(download<uint32_t>(device, buffer, ones.size()),
              std::vector<uint32_t>(ones.size(), 0));
    upload(device, buffer, ones);
  }
}

DEVICE_TEST_WITH_NULL(Transfer, keeps_the_label) {
  EXPECT_EQ(device.allocate(4, "linear[0].weight")->label(), "linear[0].weight");
}

DEVICE_TEST_WITH_NULL(Transfer, reads_what_was_written) {
  for (size_t count : {1, 3, 1024, 100003}) {
    std::vector<uint32_t> values = numbers(count, 17);
    hal::BufferPtr buffer = upload(device, values, "values");
    EXPECT_EQ(download<uint32_t>(device, buffer, count), values);
  }
}

DEVICE_TEST_WITH_NULL(Transfer, writes_a_part) {
  hal::BufferPtr buffer = upload(device, numbers(8), "values");
  std::vector<uint8_t> seven = {9, 0, 0, 0, 8, 0, 0};  // not a multiple of 4
  upload(device, buffer, seven);
  EXPECT_EQ(download<uint32_t>(device, buffer, 8), std::vector<uint32_t>({9, 8, 2, 3, 4, 5, 6, 7}));
  device.write(*buffer, {});
  EXPECT_EQ(download<uint32_t>(device, buffer, 1), std::vector<uint32_t>({9}));
}

// Larger than all staging memory.
DEVICE_TEST(Transfer, writes_100_mib) {
  std::vector<uint32_t> values = numbers(25 << 20);
  EXPECT_EQ(download<uint32_t>(device, upload(device, values, "large"), values.size()), values);
}

DEVICE_TEST(Transfer, writes_thousands_of_times) {
  std::vector<hal::BufferPtr> buffers;
  for (uint32_t i = 0; i < 3000; ++i) buffers.push_back(upload(device, numbers(257, i), "small"));
  for (uint32_t i = 0; i < 3000; i += 100) {
    EXPECT_EQ(download<uint32_t>(device, buffers[i], 257), numbers(257, i));
  }
}

DEVICE_TEST_WITH_NULL(Transfer, reads_the_state_at_the_call) {
  hal::BufferPtr buffer = upload(device, numbers(4, 1), "values");
  auto first = device.read(*buffer);
  upload(device, buffer, numbers(4, 100));
  auto second = device.read(*buffer);
  upload(device, buffer, numbers(4, 1000));
  EXPECT_EQ(values_of<uint32_t>(second->take()), numbers(4, 100));
  EXPECT_EQ(values_of<uint32_t>(first->take()), numbers(4, 1));
}

DEVICE_TEST_WITH_NULL(Transfer, reads_a_range) {
  hal::BufferPtr buffer = upload(device, numbers(64), "values");
  auto read = [&](uint64_t offset, uint64_t bytes) {
    return values_of<uint32_t>(device.read(*buffer, {offset, bytes})->take());
  };
  EXPECT_EQ(read(0, 256), numbers(64));
  EXPECT_EQ(read(4, 12), numbers(3, 1));
  EXPECT_EQ(read(252, 4), numbers(1, 63));
  EXPECT_EQ(values_of<uint32_t>(device.read(*buffer, {.offset = 240})->take()), numbers(4, 60));
}

DEVICE_TEST_WITH_NULL(Transfer, refuses_ranges_that_are_not_in_the_buffer) {
  hal::BufferPtr buffer = device.allocate(16, "tiny");
  EXPECT_EQ(error_of([&] {
              device.read(*buffer, {8, 12});
            }),
            "read: expects whole words within the 16 bytes of 'tiny', got 12 bytes at 8");
  for (auto [offset, bytes] : {std::pair<uint64_t, uint64_t>{2, 4}, {0, 6}, {0, 0}, {20, 4}}) {
    EXPECT_THROW(device.read(*buffer, {offset, bytes}), Error) << offset << " " << bytes;
  }
  EXPECT_THROW(device.read(*buffer, {.offset = 16}), Error);
}

DEVICE_TEST_WITH_NULL(Transfer, becomes_ready_without_being_waited_for) {
  auto readback = device.read(*device.allocate(16, "x"));
  while (!readback->ready()) continue;
  EXPECT_EQ(readback->take().size(), 16u);
}

DEVICE_TEST_WITH_NULL(Transfer, readbacks_may_be_dropped) {
  hal::BufferPtr buffer = device.allocate(1 << 20, "x");
  for (int i = 0; i < 50; ++i) device.read(*buffer);
}

DEVICE_TEST_WITH_NULL(Transfer, refuses_more_than_the_buffer_holds) {
  hal::BufferPtr buffer = device.allocate(16, "tiny");
  EXPECT_EQ(error_of([&] { upload(device, buffer, numbers(5)); }),
            "write: 20 bytes do not fit into 'tiny' (16 bytes)");
}

}  // namespace
}  // namespace pumice::test
