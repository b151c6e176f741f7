#pragma once

#include <span>

namespace pumice::benchmark {

/// The middle of some samples and their spread.
struct Summary {
  double median = 0;
  double first_quartile = 0;
  double third_quartile = 0;
};

/// Quantiles interpolate linearly between neighbours, as NumPy's do. Throws Error without samples.
Summary summarize(std::span<const double> samples);

}  // namespace pumice::benchmark
