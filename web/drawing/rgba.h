#pragma once

#include <cstdint>
#include <vector>

namespace pumice::web {

/// An image with 4 bytes per pixel, row by row.
struct Rgba {
  uint32_t width = 0;
  uint32_t height = 0;
  std::vector<uint8_t> pixels;
};

/// Replaces each block of `side` × `side` pixels by its mean; blocks at the right and bottom edges
/// may be smaller.
Rgba shrunk(const Rgba& image, uint32_t side);

}  // namespace pumice::web
