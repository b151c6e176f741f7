#pragma once

#include <cstdint>
#include <span>

namespace pumice::metrics {

/// A figure measured several times: on repeats, splits, subsets or pictures.
struct Estimate {
  double mean = 0;
  double deviation = 0;  ///< of the single values; 0 of one
};

/// What the squares of a deviation are divided by.
enum class Divisor : uint8_t {
  kCountLessOne,  ///< the values stand for all that could have been measured: seeds, pictures
  kCount,         ///< as in np.std: what is published of splits and subsets
};

/// Throws Error when there are no values.
Estimate estimate_of(std::span<const double> values, Divisor divisor = Divisor::kCountLessOne);

}  // namespace pumice::metrics
