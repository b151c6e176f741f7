#pragma once

#include <cstdint>
#include <vector>

namespace pumice::data {

/// Pictures as they come from a file: 8 bits per value, all of one size.
struct ImageSet {
  uint32_t count = 0;
  uint32_t height = 0;
  uint32_t width = 0;
  uint32_t channels = 1;
  std::vector<uint8_t> pixels;  ///< [count, height, width, channels]
  std::vector<uint8_t> labels;  ///< [count]; empty where the pictures have no classes

  /// Values of one picture.
  uint64_t image_size() const { return uint64_t{height} * width * channels; }
};

}  // namespace pumice::data
