#include <stb_easy_font.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

#include "native/formats/canvas.h"

namespace pumice::formats {
namespace {

double distance_to_segment(Point p, Point a, Point b) {
  double dx = b.x - a.x;
  double dy = b.y - a.y;
  double length = dx * dx + dy * dy;
  double along = length > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length : 0;
  along = std::clamp(along, 0.0, 1.0);
  return std::hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

/// The range of pixel indices that covers [low, high], within [0, size).
struct PixelRange {
  PixelRange(double low, double high, uint32_t size)
      : begin(static_cast<uint32_t>(std::clamp(std::floor(low), 0.0, double(size)))),
        end(static_cast<uint32_t>(std::clamp(std::ceil(high) + 1, 0.0, double(size)))) {}
  uint32_t begin;
  uint32_t end;
};

/// The columns whose pixels may be within `reach` of the segment from a to b, where it crosses the
/// rows within `reach` of y.
PixelRange columns_near(double y, Point a, Point b, double reach, uint32_t width) {
  double first = 0;
  double last = 1;
  if (a.y != b.y) {
    const double upper = (y - reach - a.y) / (b.y - a.y);
    const double lower = (y + reach - a.y) / (b.y - a.y);
    first = std::clamp(std::min(upper, lower), 0.0, 1.0);
    last = std::clamp(std::max(upper, lower), 0.0, 1.0);
  }
  const double from = a.x + first * (b.x - a.x);
  const double to = a.x + last * (b.x - a.x);
  return {std::min(from, to) - reach, std::max(from, to) + reach, width};
}

/// An axis-aligned rectangle of the font.
struct Box {
  float left, top, right, bottom;
};

// stb's font composes its letters of rectangles on a grid of about 6 x 12 units.
std::vector<Box> letter_boxes(std::string text) {
  struct Vertex {
    float x, y, z;
    std::array<uint8_t, 4> color;
  };
  std::vector<Vertex> vertices(4 * (text.size() * 20 + 1));
  int quads = stb_easy_font_print(0, 0, text.data(), nullptr, vertices.data(),
                                  static_cast<int>(vertices.size() * sizeof(Vertex)));
  std::vector<Box> boxes;
  for (size_t quad = 0; quad < static_cast<size_t>(quads); ++quad) {
    const Vertex& first = vertices[4 * quad];
    const Vertex& third = vertices[4 * quad + 2];
    boxes.push_back({first.x, first.y, third.x, third.y});
  }
  return boxes;
}

}  // namespace

ImageCanvas::ImageCanvas(uint32_t width, uint32_t height)
    : image_{.width = width, .height = height, .channels = 3, .pixels = {}} {
  image_.pixels.assign(uint64_t{width} * height * 3, 255);
}

void ImageCanvas::blend(uint32_t x, uint32_t y, Color color, double coverage) {
  uint8_t* pixel = &image_.pixels[(uint64_t{y} * image_.width + x) * 3];
  std::array<uint8_t, 3> wanted{color.red, color.green, color.blue};
  for (size_t channel = 0; channel < 3; ++channel) {
    double mixed = pixel[channel] + coverage * (wanted[channel] - pixel[channel]);
    pixel[channel] = static_cast<uint8_t>(std::lround(mixed));
  }
}

void ImageCanvas::line(std::span<const Point> points, Color color, double width) {
  if (points.empty()) return;
  const double reach = width / 2 + 1;
  const auto [left, right] = std::ranges::minmax(points, {}, &Point::x);
  const auto [top, bottom] = std::ranges::minmax(points, {}, &Point::y);
  const PixelRange all_rows(top.y - reach, bottom.y + reach, image_.height);
  const PixelRange all_columns(left.x - reach, right.x + reach, image_.width);
  // The maximum coverage of all segments, blended once, so that joints do not darken.
  const size_t stride = all_columns.end - all_columns.begin;
  std::vector<float> coverage((all_rows.end - all_rows.begin) * stride);
  auto coverage_at = [&](uint32_t x, uint32_t y) -> float& {
    return coverage[(y - all_rows.begin) * stride + (x - all_columns.begin)];
  };
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    Point a = points[i];
    Point b = points[i + 1];
    PixelRange rows(std::min(a.y, b.y) - reach, std::max(a.y, b.y) + reach, image_.height);
    for (uint32_t y = rows.begin; y < rows.end; ++y) {
      const PixelRange columns = columns_near(y + 0.5, a, b, reach, image_.width);
      for (uint32_t x = columns.begin; x < columns.end; ++x) {
        double distance = distance_to_segment({x + 0.5, y + 0.5}, a, b);
        auto covered = static_cast<float>(std::clamp(width / 2 + 0.5 - distance, 0.0, 1.0));
        float& most = coverage_at(x, y);
        most = std::max(most, covered);
      }
    }
  }
  for (uint32_t y = all_rows.begin; y < all_rows.end; ++y) {
    for (uint32_t x = all_columns.begin; x < all_columns.end; ++x) {
      const float covered = coverage_at(x, y);
      if (covered > 0) blend(x, y, color, covered);
    }
  }
}

void ImageCanvas::text(Point at, std::string_view text, Anchor anchor, Color color) {
  constexpr double kScale = 2;
  constexpr double kHalfHeight = 4;  // of a digit or capital, in the font's units
  std::string copy(text);
  double width = stb_easy_font_width(copy.data()) * kScale;
  double shift = anchor == Anchor::kStart ? 0 : anchor == Anchor::kMiddle ? 0.5 : 1;
  double left = std::round(at.x - shift * width);
  double top = std::round(at.y - kHalfHeight * kScale);
  for (const Box& box : letter_boxes(copy)) {
    auto begin_x = static_cast<int64_t>(left + box.left * kScale);
    auto end_x = static_cast<int64_t>(left + box.right * kScale);
    auto begin_y = static_cast<int64_t>(top + box.top * kScale);
    auto end_y = static_cast<int64_t>(top + box.bottom * kScale);
    for (int64_t y = std::max<int64_t>(begin_y, 0); y < std::min<int64_t>(end_y, image_.height);
         ++y) {
      for (int64_t x = std::max<int64_t>(begin_x, 0); x < std::min<int64_t>(end_x, image_.width);
           ++x) {
        blend(static_cast<uint32_t>(x), static_cast<uint32_t>(y), color, 1);
      }
    }
  }
}

}  // namespace pumice::formats
