#pragma once

#include <span>

namespace pumice::metrics {

/// A figure measured several times: on repeats, splits, subsets or pictures.
struct Estimate {
  double mean = 0;
  double deviation = 0;  ///< of the single values, divided by their count as in np.std
};

/// Throws Error when there are no values.
Estimate estimate_of(std::span<const double> values);

}  // namespace pumice::metrics
