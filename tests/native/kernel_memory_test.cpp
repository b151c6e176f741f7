#include "native/devices/kernel_memory.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/devices.h"
#include "tests/support/temporary_folder.h"

namespace pumice::devices {
namespace {

class KernelMemory : public testing::Test {
 protected:
  /// As whoever opens the device asks.
  bool is_host_memory_faster(const MemorySpeeds& speeds) {
    if (const auto known = remembered_choice(limits_, folder_.path())) return *known;
    const auto measure = [&] {
      ++measured_;
      return speeds;
    };
    return devices::is_host_memory_faster(limits_, folder_.path(), measure,
                                          [this](const std::string& line) { line_ = line; });
  }

  test::TemporaryFolder folder_;
  hal::Limits limits_ = {.device_name = "An integrated GPU", .driver = "1.0"};
  int measured_ = 0;
  std::string line_;
};

TEST_F(KernelMemory, IsTheFasterOne) {
  EXPECT_TRUE(is_host_memory_faster({.device_local = 10, .host_visible = 30}));
  EXPECT_EQ(line_,
            "An integrated GPU: copies at 10.0 GB/s in device-local memory and at 30.0 GB/s in "
            "host-visible memory: buffers are in the latter");
}

TEST_F(KernelMemory, IsDeviceLocalIfBothAreAsFast) {
  EXPECT_FALSE(is_host_memory_faster({.device_local = 30, .host_visible = 31}));
  EXPECT_EQ(line_, "");
}

TEST_F(KernelMemory, IsMeasuredOnceForEachDriver) {
  EXPECT_TRUE(is_host_memory_faster({.device_local = 10, .host_visible = 30}));
  line_.clear();
  EXPECT_TRUE(is_host_memory_faster({.device_local = 30, .host_visible = 10}));
  EXPECT_EQ(measured_, 1);
  EXPECT_EQ(line_, "");
  limits_.driver = "2.0";
  EXPECT_FALSE(is_host_memory_faster({.device_local = 30, .host_visible = 10}));
  EXPECT_EQ(measured_, 2);
}

TEST_F(KernelMemory, IsMeasuredAgainIfTheFileIsBroken) {
  is_host_memory_faster({.device_local = 10, .host_visible = 30});
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    std::ofstream(entry.path()) << "{";
  }
  EXPECT_FALSE(is_host_memory_faster({.device_local = 30, .host_visible = 10}));
  EXPECT_EQ(measured_, 2);
}

TEST_F(KernelMemory, IsDeviceLocalWhereTheMeasurementDoesNotFit) {
  const auto fail = []() -> MemorySpeeds { throw hal::OutOfMemory("no memory"); };
  EXPECT_FALSE(devices::is_host_memory_faster(limits_, folder_.path(), fail));
  EXPECT_TRUE(is_host_memory_faster({.device_local = 10, .host_visible = 30}));
}

TEST(CopySpeed, IsPositive) { EXPECT_GT(copy_speed(test::any_device()), 0); }

}  // namespace
}  // namespace pumice::devices
