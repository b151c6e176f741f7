#include "engine/base/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pumice {
namespace {

constexpr uint32_t kInfinity = 0x7c00;
constexpr uint32_t kSign = 0x8000;

// By IEEE 754's formula, in double.
double reference(uint32_t bits) {
  const double sign = (bits & kSign) != 0 ? -1 : 1;
  const int exponent = static_cast<int>((bits >> 10) & 31);
  const double fraction = (bits & 1023) / 1024.0;
  if (exponent == 31) return fraction == 0 ? sign * HUGE_VAL : NAN;
  if (exponent == 0) return sign * std::pow(2.0, -14) * fraction;
  return sign * std::pow(2.0, exponent - 15) * (1 + fraction);
}

TEST(Half, every_pattern_has_its_value_and_returns) {
  for (uint32_t bits = 0; bits <= 0xffff; ++bits) {
    const float value = from_half(static_cast<uint16_t>(bits));
    const double expected = reference(bits);
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(value)) << bits;
      ASSERT_TRUE(std::isnan(from_half(to_half(value)))) << bits;
      continue;
    }
    ASSERT_EQ(static_cast<double>(value), expected) << bits;
    ASSERT_EQ(std::signbit(value), (bits & kSign) != 0) << bits;
    ASSERT_EQ(to_half(value), bits);
  }
}

// Between two neighbours, and at half the way to the one with an even last bit. Beyond the largest
// number, infinity stands where the next number would be: 65536.
TEST(Half, rounds_to_the_nearest_and_to_even) {
  for (uint32_t bits = 0; bits < kInfinity; ++bits) {
    const double below = reference(bits);
    const double above = bits + 1 == kInfinity ? 65536 : reference(bits + 1);
    const auto middle = static_cast<float>((below + above) / 2);
    ASSERT_EQ(static_cast<double>(middle), (below + above) / 2);  // exact in float
    const uint32_t even = bits % 2 == 0 ? bits : bits + 1;
    for (const uint32_t sign : {0u, kSign}) {
      const float direction = sign == 0 ? 1.0f : -1.0f;
      ASSERT_EQ(to_half(direction * middle), sign | even) << middle;
      ASSERT_EQ(to_half(direction * std::nextafter(middle, 0.0f)), sign | bits) << middle;
      ASSERT_EQ(to_half(direction * std::nextafter(middle, HUGE_VALF)), sign | (bits + 1))
          << middle;
    }
  }
}

TEST(Half, ends_at_its_largest_number) {
  EXPECT_EQ(reference(kInfinity - 1), kLargestHalf);
  EXPECT_EQ(to_half(std::numeric_limits<float>::max()), kInfinity);
  EXPECT_EQ(to_half(-HUGE_VALF), kSign | kInfinity);
  EXPECT_EQ(to_half(std::numeric_limits<float>::denorm_min()), 0);
}

}  // namespace
}  // namespace pumice
