#pragma once

#include <cstdint>
#include <vector>

namespace pumice::web {

/// A picture of 4 bytes a pixel, row by row.
struct Rgba {
  uint32_t width = 0;
  uint32_t height = 0;
  std::vector<uint8_t> pixels;
};

/// Each square of `side` × `side` pixels becomes one, their mean; at the right and at the bottom of
/// as many as there are.
Rgba shrunk(const Rgba& image, uint32_t side);

}  // namespace pumice::web
