#pragma once

#include <cstdint>
#include <span>

namespace pumice::metrics {

/// A metric measured several times: over runs, splits, subsets or images.
struct Estimate {
  double mean = 0;
  double deviation = 0;  ///< standard deviation of the values; 0 for a single one
};

/// The divisor of the squared deviations.
enum class Divisor : uint8_t {
  kCountLessOne,  ///< the values are a sample of all possible ones: seeds, images
  kCount,         ///< as in np.std: customary for splits and subsets
};

/// Throws Error if there are no values.
Estimate estimate_of(std::span<const double> values, Divisor divisor = Divisor::kCountLessOne);

}  // namespace pumice::metrics
