#pragma once

#include <cmath>
#include <cstdint>

/// Values that Python and C++ compute identically to the last bit: twin of formula.py, which
/// explains them. `index` counts elements of a tensor in memory order, `salt` distinguishes
/// tensors.
namespace pumice::golden {

/// C. Wellons' lowbias32 over a counter.
inline uint32_t hash32(uint32_t index, uint32_t salt) {
  uint32_t x = index + salt * 0x9E3779B9u;
  x = (x ^ (x >> 16)) * 0x7FEB352Du;
  x = (x ^ (x >> 15)) * 0x846CA68Bu;
  return x ^ (x >> 16);
}

/// In [0, 1), exact in double.
inline double uniform(uint32_t index, uint32_t salt) { return hash32(index, salt) / 4294967296.0; }

/// In ±sqrt(6 / fan_in), weights and biases alike.
inline float weight(uint32_t index, uint32_t salt, uint32_t fan_in) {
  return static_cast<float>((2 * uniform(index, salt) - 1) * std::sqrt(6.0 / fan_in));
}

/// In [0, 1), half of them 0.
inline float pixel(uint32_t index, uint32_t salt) {
  double t = std::fmax(0.0, 2 * uniform(index, salt) - 1);
  return static_cast<float>(t * t);
}

/// Nearly normal (mean 0, variance 1) without log or sin, whose last bits differ by library.
inline float noise(uint32_t index, uint32_t salt) {
  double total = 0;
  for (uint32_t k = 0; k < 12; ++k) total += uniform(12 * index + k, salt);
  return static_cast<float>(total - 6);
}

}  // namespace pumice::golden
