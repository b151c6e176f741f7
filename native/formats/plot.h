#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "native/formats/canvas.h"

namespace pumice::formats {

/// One curve: its points in the plot's units. Points that are not finite are left out.
struct Series {
  std::string name;
  std::vector<Point> points;
};

struct Plot {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<Series> series;
  bool whole_x = false;  ///< x is an integer, such as an epoch: no ticks in between
};

/// Tick positions of an axis: multiples of 1, 2 or 5 times a power of ten that cover [low, high] in
/// about `count` steps or fewer. Throws Error unless low <= high, both finite.
std::vector<double> nice_ticks(double low, double high, int count);

/// The plot as an SVG document of 960 x 600, and beside it the legend.
std::string to_svg(const Plot& plot);

/// The same in pixels.
Image to_image(const Plot& plot);

/// Writes `path` as SVG or PNG, by its extension. Throws Error for another extension and as
/// write_file_atomically does.
void write_plot(const std::filesystem::path& path, const Plot& plot);

}  // namespace pumice::formats
