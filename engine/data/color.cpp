#include "engine/data/color.h"

#include <charconv>

namespace pumice::data {

std::optional<Rgb> color_by_name(std::string_view name) {
  if (name == "black") return Rgb{0, 0, 0};
  if (name == "white") return Rgb{255, 255, 255};
  if (name.size() != 7 || name[0] != '#') return {};
  Rgb color{};
  for (size_t i = 0; i < color.size(); ++i) {
    const char* first = &name[1 + 2 * i];
    if (std::from_chars(first, first + 2, color[i], 16).ptr != first + 2) return {};
  }
  return color;
}

}  // namespace pumice::data
