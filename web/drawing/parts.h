#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace pumice::web {

/// A rectangle of the canvas in device pixels, from the top left; right and bottom are excluded.
struct Pixels {
  int left = 0, top = 0, right = 0, bottom = 0;
  bool operator==(const Pixels&) const = default;
  bool empty() const { return left >= right || top >= bottom; }
  int area() const { return (right - left) * (bottom - top); }
  bool contains(const Pixels& other) const {
    return left <= other.left && top <= other.top && right >= other.right && bottom >= other.bottom;
  }
};

/// What both have; may be empty.
inline Pixels common(const Pixels& a, const Pixels& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
          std::min(a.bottom, b.bottom)};
}

/// The smallest rectangle that contains both.
inline Pixels united(const Pixels& a, const Pixels& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
          std::max(a.bottom, b.bottom)};
}

/// The most rectangles of parts_of().
inline constexpr size_t kMostParts = 24;

/// Rectangles that cover the changed tiles of a canvas, in tiles; they may overlap. Few tiles that
/// have not changed are covered rather than making another rectangle. `changed`: by rows, each of
/// `columns` tiles; not 0 if the tile has changed.
std::vector<Pixels> parts_of(std::span<const uint8_t> changed, int columns);

}  // namespace pumice::web
