#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/checkpoint.h"

namespace pumice::views {

/// A figure as it was measured last: some are not in every epoch, as FID with `evaluate.every`.
struct LatestFigure {
  std::string_view split;  ///< "train", "test"
  std::string name;
  double value = 0;
  uint32_t epoch = 0;
};

/// Every figure that was a number in some epoch: those of training first, each in the order in
/// which they first appear.
std::vector<LatestFigure> latest_figures(std::span<const io::EpochFigures> figures);

}  // namespace pumice::views
