#include "engine/models/latents.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/philox.h"
#include "engine/base/require.h"

namespace pumice::models {
namespace {

double length(std::span<const float> x) {
  return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
}

struct Weights {
  double a;
  double b;
};

// Shoemake, "Animating rotation with quaternion curves", 1985.
Weights spherical_weights(double angle, double t) {
  constexpr double kNearlyParallel = 1e-6;
  if (std::sin(angle) < kNearlyParallel) return {1 - t, t};
  return {std::sin((1 - t) * angle) / std::sin(angle), std::sin(t * angle) / std::sin(angle)};
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

std::vector<float> normal_latents(uint64_t seed, uint32_t first, uint32_t count, uint32_t size) {
  std::vector<float> latents;
  latents.reserve(uint64_t{count} * size);
  for (uint32_t i = 0; i < count; ++i) {
    PhiloxStream random(seed ^ kLatentSeed, first + i);
    for (uint32_t j = 0; j < size; ++j) latents.push_back(static_cast<float>(random.normal()));
  }
  return latents;
}

void truncate(std::span<float> latents, double truncation) {
  for (float& value : latents) value *= static_cast<float>(truncation);
}

std::vector<float> interpolate(std::span<const float> a, std::span<const float> b, uint32_t count,
                               bool spherical) {
  require(a.size() == b.size() && !a.empty(),
          "interpolate: expects two points of the same size, got {} and {}", a.size(), b.size());
  require(count >= 2, "interpolate: expects at least 2 points, got {}", count);
  double dot = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  double lengths = length(a) * length(b);
  double angle = lengths > 0 ? std::acos(std::clamp(dot / lengths, -1.0, 1.0)) : 0;
  std::vector<float> latents;
  for (uint32_t i = 0; i < count; ++i) {
    double t = double(i) / (count - 1);
    Weights weights = spherical ? spherical_weights(angle, t) : Weights{1 - t, t};
    for (size_t j = 0; j < a.size(); ++j) {
      latents.push_back(static_cast<float>(weights.a * a[j] + weights.b * b[j]));
    }
  }
  return latents;
}

std::vector<float> interpolate_corners(std::span<const float> top_left,
                                       std::span<const float> top_right,
                                       std::span<const float> bottom_left,
                                       std::span<const float> bottom_right, uint32_t side,
                                       bool spherical) {
  const size_t size = top_left.size();
  const std::vector<float> left = interpolate(top_left, bottom_left, side, spherical);
  const std::vector<float> right = interpolate(top_right, bottom_right, side, spherical);
  std::vector<float> latents;
  for (uint32_t row = 0; row < side; ++row) {
    const std::vector<float> line =
        interpolate(std::span(left).subspan(row * size, size),
                    std::span(right).subspan(row * size, size), side, spherical);
    latents.insert(latents.end(), line.begin(), line.end());
  }
  return latents;
}

std::vector<float> manifold_latents(uint32_t side) {
  std::vector<float> latents;
  for (uint32_t row = 0; row < side; ++row) {
    for (uint32_t column = 0; column < side; ++column) {
      latents.push_back(static_cast<float>(inverse_normal_cdf((column + 0.5) / side)));
      latents.push_back(static_cast<float>(-inverse_normal_cdf((row + 0.5) / side)));
    }
  }
  return latents;
}

double inverse_normal_cdf(double p) {
  require(p > 0 && p < 1, "inverse_normal_cdf: expects a probability between 0 and 1, got {}", p);
  double low = -40;
  double high = 40;
  for (int i = 0; i < 100; ++i) {
    double middle = (low + high) / 2;
    (normal_cdf(middle) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace pumice::models
