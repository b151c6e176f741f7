#include "engine/base/half.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace pumice {
namespace {

constexpr uint32_t kSign = 0x8000;
constexpr uint32_t kInfinity = 0x7c00;
constexpr uint32_t kQuiet = 0x0200;
constexpr int kMantissaBits = 10;
constexpr int kBias = 15;
constexpr int kLeastExponent = 1 - kBias;  // of normal numbers; that of all subnormal ones

}  // namespace

// In units of the half's last bit, nearbyint rounds to even, and a carry into the exponent gives
// the next power of two or infinity by itself.
uint16_t to_half(float value) {
  const uint32_t sign = std::signbit(value) ? kSign : 0;
  if (std::isnan(value)) return static_cast<uint16_t>(sign | kInfinity | kQuiet);
  const float size = std::abs(value);
  if (size >= 2 * kLargestHalf) return static_cast<uint16_t>(sign | kInfinity);
  int exponent = kLeastExponent;
  if (size > 0) exponent = std::max(exponent, std::ilogb(size));
  const auto units =
      static_cast<uint32_t>(std::nearbyint(std::ldexp(size, kMantissaBits - exponent)));
  const auto steps = static_cast<uint32_t>(exponent - kLeastExponent);
  return static_cast<uint16_t>(sign | ((steps << kMantissaBits) + units));
}

float from_half(uint16_t bits) {
  const float sign = (bits & kSign) != 0 ? -1.0f : 1.0f;
  const int exponent = (bits & kInfinity) >> kMantissaBits;
  const int mantissa = bits & ((1 << kMantissaBits) - 1);
  if (exponent == 0x1f) {
    return mantissa == 0 ? sign * std::bit_cast<float>(0x7f800000u)
                         : std::bit_cast<float>(0x7fc00000u);
  }
  const int whole = exponent == 0 ? mantissa : mantissa + (1 << kMantissaBits);
  return sign *
         std::ldexp(static_cast<float>(whole), std::max(exponent, 1) - kBias - kMantissaBits);
}

}  // namespace pumice
