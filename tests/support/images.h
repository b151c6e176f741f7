#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "native/formats/image.h"

namespace pumice::test {

/// An image of one colour (or grey, with one value).
inline formats::Image plain_image(uint32_t width, uint32_t height,
                                  const std::vector<uint8_t>& color) {
  formats::Image image{.width = width,
                       .height = height,
                       .channels = static_cast<uint32_t>(color.size()),
                       .pixels = {}};
  for (uint32_t i = 0; i < width * height; ++i) {
    image.pixels.insert(image.pixels.end(), color.begin(), color.end());
  }
  return image;
}

/// Writes a PNG of one colour and creates its folder.
inline std::filesystem::path write_plain_png(const std::filesystem::path& path,
                                             const std::vector<uint8_t>& color, uint32_t width = 8,
                                             uint32_t height = 8) {
  std::filesystem::create_directories(path.parent_path());
  formats::write_png(path, plain_image(width, height, color));
  return path;
}

}  // namespace pumice::test
