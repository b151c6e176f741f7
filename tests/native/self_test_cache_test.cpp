#include "native/system/self_test_cache.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"
#include "tests/support/wrong_device.h"

namespace pumice::test {
namespace {

std::filesystem::path only_file_in(const TemporaryFolder& folder) {
  EXPECT_EQ(folder.count(), 1u);
  return *std::filesystem::directory_iterator(folder.path());
}

TEST(SelfTestCache, remembers_its_verdict) {
  TemporaryFolder folder;
  auto device = hal::null::create_device(wrong_device());
  uint32_t wrong = system::cached_wrong_features(*device, folder.path());
  uint64_t runs = device->counts().runs;
  EXPECT_GT(runs, 0u);
  EXPECT_EQ(system::cached_wrong_features(*device, folder.path()), wrong);
  EXPECT_EQ(device->counts().runs, runs);

  std::string text = content_of(only_file_in(folder));
  EXPECT_NE(text.find("\"device\": \"computes zeros\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"wrong_features\": 2"), std::string::npos) << text;
}

TEST(SelfTestCache, tests_again_for_another_driver_or_a_broken_file) {
  TemporaryFolder folder;
  hal::Limits limits = wrong_device();
  auto device = hal::null::create_device(limits);
  system::cached_wrong_features(*device, folder.path());
  std::filesystem::path file = only_file_in(folder);
  for (std::string_view broken : {"", "{", "[]", "{\"wrong_features\": true}"}) {
    folder.file(file.filename().string(), broken);
    EXPECT_NE(system::cached_wrong_features(*device, folder.path()), 0u) << broken;
    EXPECT_NE(content_of(file).find("\"wrong_features\": 2"), std::string::npos);
  }
  limits.driver = "next version";
  system::cached_wrong_features(*hal::null::create_device(limits), folder.path());
  EXPECT_EQ(folder.count(), 2u);
}

TEST(SelfTestCache, needs_no_cache_that_works) {
  TemporaryFolder folder;
  auto device = hal::null::create_device(wrong_device());
  std::filesystem::path no_folder = folder.file("file", "") / "below";
  EXPECT_NE(system::cached_wrong_features(*device, no_folder), 0u);
}

}  // namespace
}  // namespace pumice::test
