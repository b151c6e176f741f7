#include "native/evaluation/latent_map_parts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "native/evaluation/latent_map.h"

namespace pumice {
namespace {

double squared_distance(std::span<const float> places, uint32_t a, uint32_t b) {
  const double x = places[2 * a] - places[2 * b], y = places[2 * a + 1] - places[2 * b + 1];
  return x * x + y * y;
}

// The side of a square around all.
double extent(std::span<const float> places) {
  std::array<float, 2> least{places[0], places[1]}, most = least;
  for (size_t i = 0; i < places.size(); ++i) {
    least[i % 2] = std::min(least[i % 2], places[i]);
    most[i % 2] = std::max(most[i % 2], places[i]);
  }
  return std::max(most[0] - least[0], most[1] - least[1]);
}

}  // namespace

// Adds points in their order if they are far enough from those chosen, then at smaller and smaller
// distances.
std::vector<uint32_t> scattered_points(std::span<const float> places, uint32_t most) {
  constexpr double kFirstShare = 0.5, kStep = 0.9;  // of the extent
  constexpr int kSteps = 38;                        // to 0.01
  const auto count = static_cast<uint32_t>(places.size() / 2);
  const double all = extent(places);
  std::vector<uint32_t> chosen;
  for (int step = 0; step < kSteps; ++step) {
    const double least = kFirstShare * std::pow(kStep, step) * all;
    for (uint32_t point = 0; point < count && chosen.size() < most; ++point) {
      const bool is_far = std::ranges::all_of(chosen, [&](uint32_t other) {
        return squared_distance(places, point, other) > least * least;
      });
      if (is_far) chosen.push_back(point);
    }
  }
  return chosen;
}

std::vector<float> shrunk_images(std::span<const float> images, const Shape& image) {
  std::vector<float> all;
  for (; !images.empty(); images = images.subspan(image.size())) {
    const std::vector<float> shrunk = io::shrunk_image(images.first(image.size()), image);
    all.insert(all.end(), shrunk.begin(), shrunk.end());
  }
  return all;
}

}  // namespace pumice
