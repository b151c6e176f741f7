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
  bool whole_x = false;  ///< x counts things, such as epochs: no ticks between them
};

/// Where an axis has its ticks: multiples of 1, 2 or 5 times a power of ten that cover
/// [low, high] with at most about `count` steps. Throws Error unless low <= high, both finite.
std::vector<double> nice_ticks(double low, double high, int count);

/// The plot as an SVG document of 960 x 600; more than six curves have a legend beside that.
std::string to_svg(const Plot& plot);

/// The same in pixels.
Picture to_picture(const Plot& plot);

/// Writes `path` as SVG or PNG, by its extension. Throws Error as write_file_atomically does and
/// for another extension.
void write_plot(const std::filesystem::path& path, const Plot& plot);

}  // namespace pumice::formats
