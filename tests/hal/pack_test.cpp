#include "engine/hal/pack.h"

#include <gtest/gtest.h>

#include <bit>

namespace pumice {
namespace {

struct Params {
  uint32_t count = 3;
  float slope = 0.5f;
};

TEST(Pack, KeepsTheBytesOfEveryMember) {
  std::vector<std::byte> bytes = pack(Params{.count = 258});
  ASSERT_EQ(bytes.size(), 8u);
  EXPECT_EQ(bytes[0], std::byte{2});
  EXPECT_EQ(bytes[1], std::byte{1});
}

TEST(Pack, GivesConstantsAsWords) {
  std::vector<uint32_t> expected = {3, std::bit_cast<uint32_t>(0.5f)};
  EXPECT_EQ(pack_constants(Params{}), expected);
}

}  // namespace
}  // namespace pumice
