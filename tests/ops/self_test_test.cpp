#include "engine/ops/self_test.h"

#include <gtest/gtest.h>

#include "engine/hal/null/null_device.h"
#include "tests/support/devices.h"
#include "tests/support/temporary_folder.h"

namespace pumice::test {
namespace {

/// As lavapipe, so that the native kernel is a candidate; the null device computes zeros.
hal::Limits wrong_device() {
  hal::Limits limits;
  limits.device_name = "computes zeros";
  limits.type = hal::DeviceType::kCpu;
  limits.subgroup_size = 8;
  limits.max_texel_elements = 1u << 27;
  limits.features = static_cast<uint32_t>(hal::Feature::kSubgroupShuffle) |
                    static_cast<uint32_t>(hal::Feature::kTexelBuffer);
  return limits;
}

std::filesystem::path only_file_in(const TemporaryFolder& folder) {
  EXPECT_EQ(folder.count(), 1u);
  return *std::filesystem::directory_iterator(folder.path());
}

DEVICE_TEST(SelfTest, keeps_the_features_of_a_device_that_computes_right) {
  EXPECT_EQ(ops::tested_limits(device).features, device.limits().features);
}

TEST(SelfTest, drops_texel_buffers_where_their_kernel_computes_wrong) {
  auto device = hal::null::create_device(wrong_device());
  hal::Limits limits = ops::tested_limits(*device);
  EXPECT_EQ(limits.features, static_cast<uint32_t>(hal::Feature::kSubgroupShuffle));
  EXPECT_EQ(limits.max_texel_elements, 0u);
}

TEST(SelfTest, remembers_its_verdict) {
  TemporaryFolder folder;
  auto device = hal::null::create_device(wrong_device());
  hal::Limits tested = ops::tested_limits(*device, folder.path());
  uint64_t runs = device->counts().runs;
  EXPECT_GT(runs, 0u);
  EXPECT_EQ(ops::tested_limits(*device, folder.path()).features, tested.features);
  EXPECT_EQ(device->counts().runs, runs);

  std::string text = content_of(only_file_in(folder));
  EXPECT_NE(text.find("\"device\": \"computes zeros\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"correct\": false"), std::string::npos) << text;
}

TEST(SelfTest, tests_again_for_another_driver_or_a_broken_file) {
  TemporaryFolder folder;
  hal::Limits limits = wrong_device();
  auto device = hal::null::create_device(limits);
  ops::tested_limits(*device, folder.path());
  std::filesystem::path file = only_file_in(folder);
  for (std::string_view broken : {"", "{", "[]", "{\"correct\": 1}"}) {
    folder.file(file.filename().string(), broken);
    EXPECT_EQ(ops::tested_limits(*device, folder.path()).max_texel_elements, 0u) << broken;
    EXPECT_NE(content_of(file).find("\"correct\": false"), std::string::npos);
  }
  limits.driver = "next version";
  ops::tested_limits(*hal::null::create_device(limits), folder.path());
  EXPECT_EQ(folder.count(), 2u);
}

TEST(SelfTest, needs_no_cache_that_works) {
  TemporaryFolder folder;
  auto device = hal::null::create_device(wrong_device());
  std::filesystem::path no_folder = folder.file("file", "") / "below";
  EXPECT_EQ(ops::tested_limits(*device, no_folder).max_texel_elements, 0u);
}

}  // namespace
}  // namespace pumice::test
