#include "native/views/latest_figures.h"

#include <algorithm>
#include <cmath>

namespace pumice::views {
namespace {

void put(std::vector<LatestFigure>& latest, std::string_view split, const Figure& figure,
         uint32_t epoch) {
  if (!std::isfinite(figure.value)) return;
  auto found = std::find_if(latest.begin(), latest.end(), [&](const LatestFigure& other) {
    return other.split == split && other.name == figure.name;
  });
  if (found == latest.end()) found = latest.insert(found, {split, figure.name, 0, 0});
  found->value = figure.value;
  found->epoch = epoch;
}

}  // namespace

std::vector<LatestFigure> latest_figures(std::span<const io::EpochFigures> figures) {
  std::vector<LatestFigure> latest;
  for (const io::EpochFigures& row : figures) {
    for (const Figure& figure : row.train) put(latest, "train", figure, row.epoch);
    for (const Figure& figure : row.test) put(latest, "test", figure, row.epoch);
  }
  std::stable_partition(latest.begin(), latest.end(),
                        [](const LatestFigure& figure) { return figure.split == "train"; });
  return latest;
}

}  // namespace pumice::views
