#include "web/drawing/rgba.h"

#include <algorithm>

namespace pumice::web {
namespace {

uint8_t mean(const Rgba& image, uint32_t left, uint32_t top, uint32_t side, uint32_t channel) {
  const uint32_t right = std::min(left + side, image.width);
  const uint32_t bottom = std::min(top + side, image.height);
  uint32_t sum = 0;
  for (uint32_t y = top; y < bottom; ++y) {
    for (uint32_t x = left; x < right; ++x) {
      sum += image.pixels[4 * (size_t{y} * image.width + x) + channel];
    }
  }
  const uint32_t count = (right - left) * (bottom - top);
  return static_cast<uint8_t>((sum + count / 2) / count);
}

}  // namespace

Rgba shrunk(const Rgba& image, uint32_t side) {
  Rgba small{(image.width + side - 1) / side, (image.height + side - 1) / side, {}};
  small.pixels.reserve(size_t{4} * small.width * small.height);
  for (uint32_t y = 0; y < small.height; ++y) {
    for (uint32_t x = 0; x < small.width; ++x) {
      for (uint32_t channel = 0; channel < 4; ++channel) {
        small.pixels.push_back(mean(image, x * side, y * side, side, channel));
      }
    }
  }
  return small;
}

}  // namespace pumice::web
