#include "native/views/latest_metrics.h"

#include <algorithm>
#include <cmath>

namespace pumice::views {
namespace {

void put(std::vector<LatestMetric>& latest, std::string_view split, const Metric& metric,
         uint32_t epoch) {
  if (!std::isfinite(metric.value)) return;
  auto found = std::find_if(latest.begin(), latest.end(), [&](const LatestMetric& other) {
    return other.split == split && other.name == metric.name;
  });
  if (found == latest.end()) found = latest.insert(found, {split, metric.name, 0, 0});
  found->value = metric.value;
  found->epoch = epoch;
}

}  // namespace

std::vector<LatestMetric> latest_metrics(std::span<const io::EpochMetrics> metrics) {
  std::vector<LatestMetric> latest;
  for (const io::EpochMetrics& row : metrics) {
    for (const Metric& metric : row.train) put(latest, "train", metric, row.epoch);
    for (const Metric& metric : row.test) put(latest, "test", metric, row.epoch);
  }
  std::stable_partition(latest.begin(), latest.end(),
                        [](const LatestMetric& metric) { return metric.split == "train"; });
  return latest;
}

}  // namespace pumice::views
