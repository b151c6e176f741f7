#pragma once

#include <concepts>

namespace pumice {

/// value / by, rounded up.
template <std::unsigned_integral Value, std::unsigned_integral By>
constexpr auto divide_up(Value value, By by) {
  return (value + by - 1) / by;
}

/// The smallest multiple of `of` that is at least `value`.
template <std::unsigned_integral Value, std::unsigned_integral Of>
constexpr auto round_up(Value value, Of of) {
  return divide_up(value, of) * of;
}

}  // namespace pumice
