#include <fmt/core.h>

#include "engine/base/escape.h"
#include "native/formats/canvas.h"
#include "native/formats/origin.h"

namespace pumice::formats {
namespace {

std::string hex(Color color) {
  return fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
}

std::string_view name(Anchor anchor) {
  switch (anchor) {
    case Anchor::kStart:
      return "start";
    case Anchor::kMiddle:
      return "middle";
    case Anchor::kEnd:
      return "end";
  }
  return "start";
}

}  // namespace

SvgCanvas::SvgCanvas(uint32_t width, uint32_t height)
    : svg_(fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
                       "viewBox=\"0 0 {0} {1}\" font-family=\"sans-serif\" font-size=\"15\">\n"
                       "{2}\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
                       width, height, kComment)) {}

void SvgCanvas::line(std::span<const Point> points, Color color, double width) {
  std::string list;
  for (Point point : points) list += fmt::format(" {:.2f},{:.2f}", point.x, point.y);
  svg_ += fmt::format(
      "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\" "
      "stroke-linecap=\"round\" points=\"{}\"/>\n",
      hex(color), width, list.empty() ? list : list.substr(1));
}

void SvgCanvas::text(Point at, std::string_view text, Anchor anchor, Color color) {
  svg_ += fmt::format(
      "<text x=\"{:.2f}\" y=\"{:.2f}\" dominant-baseline=\"central\" text-anchor=\"{}\" "
      "fill=\"{}\">{}</text>\n",
      at.x, at.y, name(anchor), hex(color), escaped_html(text));
}

}  // namespace pumice::formats
