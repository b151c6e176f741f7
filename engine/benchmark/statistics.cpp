#include "engine/benchmark/statistics.h"

#include <algorithm>
#include <vector>

#include "engine/base/require.h"

namespace pumice::benchmark {
namespace {

double quantile(std::span<const double> sorted, double fraction) {
  const double place = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Summary summarize(std::span<const double> samples) {
  require(!samples.empty(), "statistics: expects at least one sample");
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  return {.median = quantile(sorted, 0.5),
          .first_quartile = quantile(sorted, 0.25),
          .third_quartile = quantile(sorted, 0.75)};
}

}  // namespace pumice::benchmark
