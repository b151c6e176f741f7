#pragma once

#include <cstdint>

namespace pumice {

/// The largest finite number of IEEE 754's binary16, "half precision".
inline constexpr float kLargestHalf = 65504;

/// The bits of the nearest half; of two equally near ones, the one with an even last bit. Numbers
/// from 65520 on become infinite.
uint16_t to_half(float value);

/// Exact: every half is a float.
float from_half(uint16_t bits);

}  // namespace pumice
