#include "native/system/self_test_cache.h"

#include <gtest/gtest.h>

#include "tests/support/corrupting_device.h"
#include "tests/support/devices.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wrong_device.h"

namespace pumice::test {
namespace {

using self_test::Disabled;

std::filesystem::path only_file_in(const TemporaryFolder& folder) {
  EXPECT_EQ(folder.count(), 1u);
  return *std::filesystem::directory_iterator(folder.path());
}

TEST(SelfTestCache, remembers_its_verdict) {
  TemporaryFolder folder;
  auto device = hal::null::create_device(wrong_device());
  std::vector<std::string> lines;
  auto keep = [&](const std::string& line) { lines.push_back(line); };
  const Disabled wrong = system::cached_self_test(*device, folder.path(), keep);
  EXPECT_NE(wrong, Disabled());
  const uint64_t runs = device->counts().runs;
  EXPECT_GT(runs, 0u);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0].find("computes zeros: the self-test of matmul, core subgroup: wrong"), 0u)
      << lines[0];

  lines.clear();
  EXPECT_EQ(system::cached_self_test(*device, folder.path(), keep), wrong);
  EXPECT_EQ(device->counts().runs, runs);
  EXPECT_TRUE(lines.empty());

  std::string text = content_of(only_file_in(folder));
  EXPECT_NE(text.find("\"device\": \"computes zeros\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"scalar\""), std::string::npos) << text;
}

TEST(SelfTestCache, tests_again_for_another_driver_or_a_broken_or_old_file) {
  TemporaryFolder folder;
  hal::Limits limits = wrong_device();
  auto device = hal::null::create_device(limits);
  system::cached_self_test(*device, folder.path());
  std::filesystem::path file = only_file_in(folder);
  for (std::string_view broken : {"", "{", "[]", "{\"wrong_features\": 2}", "{\"format\": 2}"}) {
    folder.file(file.filename().string(), broken);
    EXPECT_NE(system::cached_self_test(*device, folder.path()), Disabled()) << broken;
    EXPECT_NE(content_of(file).find("\"form\": \"short\""), std::string::npos);
  }
  limits.driver = "next version";
  system::cached_self_test(*hal::null::create_device(limits), folder.path());
  EXPECT_EQ(folder.count(), 2u);
}

TEST(SelfTestCache, needs_no_cache_that_works) {
  TemporaryFolder folder;
  auto device = hal::null::create_device(wrong_device());
  std::filesystem::path no_folder = folder.file("file", "") / "below";
  EXPECT_NE(system::cached_self_test(*device, no_folder), Disabled());
}

TEST(SelfTestCache, keeps_what_the_long_form_found) {
  TemporaryFolder folder;
  CorruptingDevice wrong(any_device(), "matmul_registers");
  const self_test::Report report = self_test::run(wrong, self_test::Form::kLong);
  system::remember_self_test(wrong.limits(), report, folder.path());
  const Disabled disabled = system::cached_self_test(wrong, folder.path());
  EXPECT_EQ(disabled.cores.products, 1u << static_cast<uint32_t>(ops::GemmCore::kRegisters));
  EXPECT_EQ(disabled, self_test::disabled_by(report));
}

}  // namespace
}  // namespace pumice::test
