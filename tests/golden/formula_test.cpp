#include <gtest/gtest.h>

#include "tests/golden/golden.h"

namespace pumice::golden {
namespace {

constexpr uint32_t kFanIn = 7;

TEST(GoldenFormula, equals_python_to_the_last_bit) {
  auto rows = read("vae_mlp.json").at("formula_check");
  ASSERT_FALSE(rows.empty());
  for (const auto& row : rows) {
    SCOPED_TRACE(row.dump());
    uint32_t index = row.at("index"), salt = row.at("salt");
    EXPECT_EQ(hash32(index, salt), row.at("hash32").get<uint32_t>());
    EXPECT_EQ(weight(index, salt, kFanIn), row.at("weight").get<float>());
    EXPECT_EQ(pixel(index, salt), row.at("pixel").get<float>());
    EXPECT_EQ(noise(index, salt), row.at("noise").get<float>());
  }
}

}  // namespace
}  // namespace pumice::golden
