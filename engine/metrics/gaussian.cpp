#include <algorithm>

#include "engine/base/require.h"
#include "engine/metrics/check.h"
#include "engine/metrics/frechet.h"
#include "engine/metrics/products.h"

namespace pumice::metrics {
namespace {

constexpr size_t kSamplesAtOnce = 4096;

std::vector<double> mean_of(const Features& features) {
  std::vector<double> mean(features.size, 0);
  for (size_t i = 0; i < features.values.size(); ++i) mean[i % features.size] += features.values[i];
  for (double& value : mean) value /= features.count;
  return mean;
}

/// `count` samples from `first`, minus the mean: [size, count].
std::vector<double> centred_columns(const Features& features, const std::vector<double>& mean,
                                    size_t first, size_t count) {
  std::vector<double> columns(features.size * count);
  for (size_t sample = 0; sample < count; ++sample) {
    const float* values = &features.values[(first + sample) * features.size];
    for (size_t i = 0; i < features.size; ++i) columns[i * count + sample] = values[i] - mean[i];
  }
  return columns;
}

std::vector<double> covariance_of(const Features& features, const std::vector<double>& mean) {
  std::vector<double> covariance(size_t{features.size} * features.size, 0);
  for (size_t first = 0; first < features.count; first += kSamplesAtOnce) {
    const size_t count = std::min(kSamplesAtOnce, features.count - first);
    const std::vector<double> columns = centred_columns(features, mean, first, count);
    const std::vector<double> part = multiply_rows(columns, columns, count);
    for (size_t i = 0; i < part.size(); ++i) covariance[i] += part[i];
  }
  for (double& value : covariance) value /= features.count - 1;
  return covariance;
}

}  // namespace

Gaussian fit_gaussian(const Features& features) {
  require_features("fit_gaussian", features);
  require(features.count > features.size,
          "fit_gaussian: expects more samples than features, at least {}, got {}: with "
          "fewer, the covariance is singular and a distance meaningless",
          features.size + 1, features.count);
  Gaussian gaussian{.count = features.count, .size = features.size};
  gaussian.mean = mean_of(features);
  gaussian.covariance = covariance_of(features, gaussian.mean);
  return gaussian;
}

}  // namespace pumice::metrics
