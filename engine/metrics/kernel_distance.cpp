#include "engine/metrics/kernel_distance.h"

#include <algorithm>

#include "engine/base/parallel.h"
#include "engine/base/require.h"
#include "engine/metrics/check.h"
#include "engine/metrics/products.h"
#include "engine/metrics/subset.h"

namespace pumice::metrics {
namespace {

double kernel(double product, double size) {
  const double base = product / size + 1;
  return base * base * base;
}

/// Σ kernel(x, y) over all pairs; if `one_set`, without pairs of a sample with itself.
double kernel_sum(const Features& x, const Features& y, bool one_set) {
  double sum = 0;
  std::vector<float> products(kRowsAtOnce * y.count);
  for (size_t first = 0; first < x.count; first += kRowsAtOnce) {
    const size_t rows = std::min(kRowsAtOnce, x.count - first);
    multiply_rows(std::span(x.values).subspan(first * x.size, rows * x.size), y.values, x.size,
                  products);
    for (size_t i = 0; i < rows; ++i) {
      const auto row = std::span(products).subspan(i * y.count, y.count);
      for (float product : row) sum += kernel(product, x.size);
      if (one_set) sum -= kernel(row[first + i], x.size);
    }
  }
  return sum;
}

double squared_discrepancy(const Features& x, const Features& y) {
  const double count = x.count;
  const double within = kernel_sum(x, x, true) + kernel_sum(y, y, true);
  return within / (count * (count - 1)) - 2 * kernel_sum(x, y, false) / (count * count);
}

}  // namespace

Estimate kernel_distance(const Features& real, const Features& generated,
                         const KernelDistanceOptions& options) {
  require_alike("kernel_distance", real, generated);
  const uint32_t size = options.subset_size;
  require(options.subsets > 0 && size > 1,
          "kernel_distance: expects subsets of at least 2 samples, got {} of {}", options.subsets,
          size);
  require(size <= real.count && size <= generated.count,
          "kernel_distance: expects at least {} samples, the size of a subset, got {} real "
          "and {} generated",
          size, real.count, generated.count);
  std::vector<double> distances(options.subsets);
  in_parallel(options.subsets, [&](size_t subset) {
    const auto stream = static_cast<uint32_t>(2 * subset);
    const auto chosen = [&](const Features& all, uint32_t side) {
      return take_samples(all, random_subset(all.count, size, options.seed, stream + side));
    };
    distances[subset] = squared_discrepancy(chosen(real, 0), chosen(generated, 1));
  });
  return estimate_of(distances, Divisor::kCount);
}

}  // namespace pumice::metrics
