#include "native/formats/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/base/atomic_file.h"
#include "engine/base/require.h"

namespace pumice::formats {
namespace {

constexpr uint32_t kWidth = 960;
constexpr uint32_t kHeight = 600;
constexpr double kLeft = 90;
constexpr double kRight = 30;
constexpr double kTop = 76;
constexpr double kBottom = 64;
constexpr Color kInk{40, 40, 40};
constexpr Color kGridColor{225, 225, 225};

// Okabe and Ito's palette, also for colour-blind readers (https://jfly.uni-koeln.de/color).
constexpr std::array<Color, 6> kColors{
    {{0, 114, 178}, {213, 94, 0}, {0, 158, 115}, {204, 121, 167}, {86, 180, 233}, {230, 159, 0}}};

// For more curves: twenty, light and dark of ten hues (Tableau's "category 20", dark first).
constexpr std::array<Color, 20> kManyColors{
    {{31, 119, 180},  {255, 127, 14},  {44, 160, 44},   {214, 39, 40},   {148, 103, 189},
     {140, 86, 75},   {227, 119, 194}, {127, 127, 127}, {188, 189, 34},  {23, 190, 207},
     {174, 199, 232}, {255, 187, 120}, {152, 223, 138}, {255, 152, 150}, {197, 176, 213},
     {196, 156, 148}, {247, 182, 210}, {199, 199, 199}, {219, 219, 141}, {158, 218, 229}}};

Color color_of(const Plot& plot, size_t series) {
  const bool has_many = plot.series.size() > kColors.size();
  return has_many ? kManyColors[series % kManyColors.size()] : kColors[series];
}

// The legend is beside the plot, where it does not cover the curves.
constexpr double kLegendLine = 22;

uint32_t width_of(const Plot& plot) {
  constexpr size_t kLetter = 12;  // of the wider of the two fonts
  size_t longest = 0;
  for (const Series& series : plot.series) longest = std::max(longest, series.name.size());
  return kWidth + static_cast<uint32_t>(longest * kLetter) + 60;
}

uint32_t height_of(const Plot& plot) {
  const double legend = kTop + kLegendLine * (static_cast<double>(plot.series.size()) + 1);
  return std::max(kHeight, static_cast<uint32_t>(legend));
}

bool is_finite(Point point) { return std::isfinite(point.x) && std::isfinite(point.y); }

/// One axis: its ticks span the values.
struct Axis {
  std::vector<double> ticks;
  double begin_pixel;
  double end_pixel;

  double pixel(double value) const {
    double along = (value - ticks.front()) / (ticks.back() - ticks.front());
    return begin_pixel + along * (end_pixel - begin_pixel);
  }
};

/// `smallest_step`: the minimum distance of ticks if the values span that much; 0 for any.
Axis make_axis(const Plot& plot, double Point::*coordinate, int ticks, double smallest_step,
               double begin, double end) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Series& series : plot.series) {
    for (Point point : series.points) {
      if (!is_finite(point)) continue;
      low = std::min(low, point.*coordinate);
      high = std::max(high, point.*coordinate);
    }
  }
  if (low > high) low = 0, high = 1;
  if (smallest_step > 0) {
    ticks = std::clamp(static_cast<int>((high - low) / smallest_step), 1, ticks);
  }
  return {nice_ticks(low, high, ticks), begin, end};
}

void draw_segment(Canvas& canvas, Point from, Point to, Color color, double width) {
  std::array<Point, 2> points{from, to};
  canvas.line(points, color, width);
}

std::string tick_text(double value) { return fmt::format("{:.6g}", value == 0 ? 0 : value); }

void draw_axes(Canvas& canvas, const Plot& plot, const Axis& x, const Axis& y) {
  for (double tick : x.ticks) {
    double at = x.pixel(tick);
    draw_segment(canvas, {at, y.begin_pixel}, {at, y.end_pixel}, kGridColor, 1);
    canvas.text({at, y.begin_pixel + 18}, tick_text(tick), Anchor::kMiddle, kInk);
  }
  for (double tick : y.ticks) {
    double at = y.pixel(tick);
    draw_segment(canvas, {x.begin_pixel, at}, {x.end_pixel, at}, kGridColor, 1);
    canvas.text({x.begin_pixel - 12, at}, tick_text(tick), Anchor::kEnd, kInk);
  }
  draw_segment(canvas, {x.begin_pixel, y.begin_pixel}, {x.end_pixel, y.begin_pixel}, kInk, 1.5);
  draw_segment(canvas, {x.begin_pixel, y.begin_pixel}, {x.begin_pixel, y.end_pixel}, kInk, 1.5);
  canvas.text({kWidth / 2.0, 20}, plot.title, Anchor::kMiddle, kInk);
  canvas.text({20, 46}, plot.y_label, Anchor::kStart, kInk);
  canvas.text({(x.begin_pixel + x.end_pixel) / 2, kHeight - 18}, plot.x_label, Anchor::kMiddle,
              kInk);
}

void draw_series(Canvas& canvas, const Series& series, Color color, const Axis& x, const Axis& y) {
  std::vector<Point> points;
  for (Point point : series.points) {
    if (is_finite(point)) points.push_back({x.pixel(point.x), y.pixel(point.y)});
  }
  canvas.line(points, color, 2.5);
  // With few points, dots mark them; a single one would otherwise be invisible.
  if (points.size() > 30) return;
  for (Point point : points) draw_segment(canvas, point, point, color, 7);
}

void draw_legend(Canvas& canvas, const Plot& plot) {
  double top = kTop + 16;
  for (size_t index = 0; index < plot.series.size(); ++index) {
    draw_segment(canvas, {kWidth, top}, {kWidth + 30, top}, color_of(plot, index), 4);
    canvas.text({kWidth + 40, top}, plot.series[index].name, Anchor::kStart, kInk);
    top += kLegendLine;
  }
}

void draw(Canvas& canvas, const Plot& plot) {
  Axis x = make_axis(plot, &Point::x, 10, plot.whole_x ? 1 : 0, kLeft, kWidth - kRight);
  Axis y = make_axis(plot, &Point::y, 7, 0, kHeight - kBottom, kTop);
  draw_axes(canvas, plot, x, y);
  for (size_t index = 0; index < plot.series.size(); ++index) {
    draw_series(canvas, plot.series[index], color_of(plot, index), x, y);
  }
  draw_legend(canvas, plot);
}

}  // namespace

std::vector<double> nice_ticks(double low, double high, int count) {
  require(std::isfinite(low) && std::isfinite(high) && low <= high,
          "nice_ticks: expected finite low <= high, got {} and {}", low, high);
  if (high - low <= 1e-6 * std::abs(high)) {
    // A single value, or values too close for the labels: centred.
    double half = std::max(std::abs(high) / 20, 0.5);
    low -= half;
    high += half;
  }
  double spread = high - low;
  double power = std::pow(10, std::floor(std::log10(spread / count)));
  double step = 10 * power;
  for (double factor : {5.0, 2.0, 1.0}) {
    if (spread / (factor * power) <= count) step = factor * power;
  }
  double first = std::floor(low / step + 1e-9);
  double last = std::max(std::ceil(high / step - 1e-9), first + 1);
  std::vector<double> ticks;
  for (double tick = first; tick <= last; ++tick) ticks.push_back(tick * step);
  return ticks;
}

std::string to_svg(const Plot& plot) {
  SvgCanvas canvas(width_of(plot), height_of(plot));
  draw(canvas, plot);
  return canvas.svg();
}

Image to_image(const Plot& plot) {
  ImageCanvas canvas(width_of(plot), height_of(plot));
  draw(canvas, plot);
  return canvas.image();
}

void write_plot(const std::filesystem::path& path, const Plot& plot) {
  if (path.extension() == ".svg") return write_file_atomically(path, to_svg(plot));
  if (path.extension() == ".png") return write_png(path, to_image(plot));
  fail("{}: a plot is written as .svg or .png", path.string());
}

}  // namespace pumice::formats
