#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/require.h"

namespace pumice::data {

/// An image as stored in its file, 8 bits per value.
struct Pixels {
  uint32_t width = 0;
  uint32_t height = 0;
  uint32_t channels = 0;        ///< 1: grey, 2: grey and alpha, 3: colour, 4: colour and alpha
  uint32_t orientation = 1;     ///< 1 … 8: see exif_orientation()
  std::vector<uint8_t> values;  ///< [height, width, channels]; alpha is not premultiplied

  uint64_t row_bytes() const { return uint64_t{width} * channels; }
};

/// Throws Error if an image of this size is too large to be decoded.
inline void require_decodable(uint32_t width, uint32_t height) {
  constexpr uint64_t kMaxPixels = uint64_t{1} << 28;
  require(uint64_t{width} * height <= kMaxPixels, "has {}x{} pixels, too many", width, height);
}

/// A black image of the given size. Throws Error if it is too large.
inline Pixels make_pixels(uint32_t width, uint32_t height, uint32_t channels) {
  require_decodable(width, height);
  Pixels pixels{.width = width, .height = height, .channels = channels, .values = {}};
  pixels.values.resize(height * pixels.row_bytes());
  return pixels;
}

}  // namespace pumice::data
