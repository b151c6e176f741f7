#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/checkpoint.h"

namespace pumice::views {

/// The latest value of a metric: some are not measured in every epoch, such as FID with
/// `evaluate.every`.
struct LatestMetric {
  std::string_view split;  ///< "train", "test"
  std::string name;
  double value = 0;
  uint32_t epoch = 0;
};

/// Every metric that had a value in some epoch: those of training first, each in order of first
/// appearance.
std::vector<LatestMetric> latest_metrics(std::span<const io::EpochMetrics> metrics);

}  // namespace pumice::views
