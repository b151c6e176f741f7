#include "web/drawing/parts.h"

#include <functional>

namespace pumice::web {
namespace {

constexpr int kPartCost = 4;  // the tiles that could be drawn in the time of one more part

void add_part(std::vector<Pixels>& parts, const Pixels& part) {
  auto waste = [&](const Pixels& other) {
    return united(part, other).area() - part.area() - other.area();
  };
  const auto nearest = std::ranges::min_element(parts, {}, waste);
  if (nearest != parts.end() && (waste(*nearest) <= kPartCost || parts.size() == kMostParts)) {
    *nearest = united(*nearest, part);
  } else {
    parts.push_back(part);
  }
}

}  // namespace

std::vector<Pixels> parts_of(std::span<const uint8_t> changed, int columns) {
  std::vector<Pixels> parts;
  const auto width = static_cast<size_t>(columns);
  for (size_t at = 0; at < changed.size(); at += width) {
    const auto line = changed.subspan(at, width);
    const int row = static_cast<int>(at / width);
    for (auto from = line.begin();
         (from = std::ranges::find_if(from, line.end(), std::identity{})) != line.end();) {
      const auto to = std::find(from, line.end(), 0);
      add_part(parts, {static_cast<int>(from - line.begin()), row,
                       static_cast<int>(to - line.begin()), row + 1});
      from = to;
    }
  }
  return parts;
}

}  // namespace pumice::web
