#include "engine/metrics/resize.h"

#include <algorithm>
#include <cmath>

#include "engine/base/parallel.h"
#include "engine/base/require.h"

namespace pumice::metrics {
namespace {

/// Keys's cubic (1981) with slope -1/2, as in PIL.
double cubic(double x) {
  constexpr double kSlope = -0.5;
  x = std::abs(x);
  if (x < 1) return ((kSlope + 2) * x - (kSlope + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * kSlope;
  return 0;
}

/// The weighted sum that produces one element along an axis, starting at `first`.
struct Taps {
  uint32_t first = 0;
  std::vector<double> weights;
};

/// Restricted to the extent: at the edges the remaining weights are rescaled to sum to 1.
std::vector<Taps> taps_of_axis(uint32_t from, uint32_t to) {
  const double scale = static_cast<double>(from) / to;
  const double widening = std::max(scale, 1.0);
  const double support = 2 * widening;
  std::vector<Taps> all(to);
  for (uint32_t i = 0; i < to; ++i) {
    const double center = (i + 0.5) * scale;
    const auto first = static_cast<uint32_t>(std::max(center - support + 0.5, 0.0));
    const auto end = std::min(static_cast<uint32_t>(center + support + 0.5), from);
    Taps& taps = all[i];
    taps.first = first;
    double sum = 0;
    for (uint32_t j = first; j < end; ++j) {
      taps.weights.push_back(cubic((j - center + 0.5) * (1 / widening)));
      sum += taps.weights.back();
    }
    for (double& weight : taps.weights) weight /= sum;
  }
  return all;
}

/// Resamples along an axis with stride `step`, rounding to float as PIL does.
void resample(const float* from, size_t step, const std::vector<Taps>& axis, float* to) {
  for (size_t i = 0; i < axis.size(); ++i) {
    const float* element = from + axis[i].first * step;
    double sum = 0;
    for (double weight : axis[i].weights) {
      sum += *element * weight;
      element += step;
    }
    to[i * step] = static_cast<float>(sum);
  }
}

}  // namespace

std::vector<float> resize_bicubic(std::span<const float> images, const Shape& image,
                                  uint32_t side) {
  require(image.rank() == 3 && image.size() > 0 && images.size() % image.size() == 0,
          "resize: expects images [height, width, channels], got {} and {} values", image,
          images.size());
  const size_t height = image[0], width = image[1], channels = image[2];
  const std::vector<Taps> rows = taps_of_axis(image[0], side);
  const std::vector<Taps> columns = taps_of_axis(image[1], side);
  const size_t result_size = side * side * channels;
  std::vector<float> results(images.size() / image.size() * result_size);
  in_parallel(images.size() / image.size(), [&](size_t n) {
    const float* from = images.data() + n * image.size();
    float* to = results.data() + n * result_size;
    std::vector<float> wide(height * side * channels);  // PIL resizes horizontally first
    for (size_t i = 0; i < height * channels; ++i) {
      const size_t row = i / channels, channel = i % channels;
      resample(from + row * width * channels + channel, channels, columns,
               wide.data() + row * side * channels + channel);
    }
    for (size_t i = 0; i < side * channels; ++i) {
      resample(wide.data() + i, side * channels, rows, to + i);
    }
  });
  return results;
}

}  // namespace pumice::metrics
