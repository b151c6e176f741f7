#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "native/formats/image.h"

namespace pumice::formats {

/// A position in pixels from the top left corner.
struct Point {
  double x = 0;
  double y = 0;
};

struct Color {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
};

/// The part of a text that is placed at its point.
enum class Anchor : uint8_t { kStart, kMiddle, kEnd };

/// A drawing surface: the same code draws a plot as SVG or as pixels.
class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void line(std::span<const Point> points, Color color, double width) = 0;
  /// Printable ASCII; `at.y` is the vertical centre of the line.
  virtual void text(Point at, std::string_view text, Anchor anchor, Color color) = 0;
};

/// Collects SVG elements.
class SvgCanvas : public Canvas {
 public:
  SvgCanvas(uint32_t width, uint32_t height);
  void line(std::span<const Point> points, Color color, double width) override;
  void text(Point at, std::string_view text, Anchor anchor, Color color) override;

  /// The complete document.
  std::string svg() const { return svg_ + "</svg>\n"; }

 private:
  std::string svg_;
};

/// Draws anti-aliased on a white RGB image.
class ImageCanvas : public Canvas {
 public:
  ImageCanvas(uint32_t width, uint32_t height);
  void line(std::span<const Point> points, Color color, double width) override;
  void text(Point at, std::string_view text, Anchor anchor, Color color) override;

  const Image& image() const { return image_; }

 private:
  void blend(uint32_t x, uint32_t y, Color color, double coverage);

  Image image_;
};

}  // namespace pumice::formats
