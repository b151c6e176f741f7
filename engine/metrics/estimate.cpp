#include "engine/metrics/estimate.h"

#include <cmath>

#include "engine/base/require.h"

namespace pumice::metrics {

Estimate estimate_of(std::span<const double> values, Divisor divisor) {
  require(!values.empty(), "estimate: expects at least one value");
  const auto count = static_cast<double>(values.size());
  Estimate estimate;
  for (double value : values) estimate.mean += value / count;
  double squares = 0;
  for (double value : values) squares += (value - estimate.mean) * (value - estimate.mean);
  const double degrees = divisor == Divisor::kCount ? count : count - 1;
  estimate.deviation = degrees > 0 ? std::sqrt(squares / degrees) : 0;
  return estimate;
}

}  // namespace pumice::metrics
