#include "native/formats/metrics_lines.h"

#include <fmt/chrono.h>

#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "native/observers/observers.h"
#include "native/system/device_text.h"

namespace pumice::observers {
namespace {

using nlohmann::json;

// JSON has no NaN: a metric that was not measured is left out.
json to_json(const Metrics& metrics) {
  json object = json::object();
  for (const Metric& metric : metrics) {
    if (std::isfinite(metric.value)) object[metric.name] = metric.value;
  }
  return object;
}

json line_of(const io::EpochMetrics& metrics) {
  return {
      {"epoch", metrics.epoch}, {"train", to_json(metrics.train)}, {"test", to_json(metrics.test)}};
}

// In UTC: "2026-11-28T04:10:00Z".
std::string time_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

class MetricsLinesObserver : public RunObserver {
 public:
  MetricsLinesObserver(Notify notify, Origin origin)
      : notify_(std::move(notify)), origin_(std::move(origin)) {}

  void on_begin(TrainingRun& run) override {
    std::vector<json> expected;
    for (const io::EpochMetrics& metrics : run.history()) expected.push_back(line_of(metrics));
    file_.emplace(run.folder().metrics_lines(), std::move(expected), std::string(kFromCheckpoint),
                  notify_);
  }

  Metrics on_epoch(TrainingRun& run, const Epoch& epoch) override {
    json line = line_of(epoch.metrics);
    line.update({{"seconds", epoch.speed.seconds},
                 {"images_per_second", epoch.speed.images_per_second},
                 {"device", system::device_line(run.device().limits())},
                 {"program", origin_.program},
                 {"started_by", origin_.command},
                 {"time", time_now()}});
    if (epoch.ends_budget) {
      line.update(
          {{"epochs_done", run.length().epochs()}, {"planned_epochs", run.recipe().train.epochs}});
    }
    if (const std::string basis = run.metric_basis(); !basis.empty()) line["evaluation"] = basis;
    file_->append(line);
    return {};
  }

 private:
  Notify notify_;
  Origin origin_;
  std::optional<formats::MetricsLines> file_;
};

}  // namespace

Observer metrics_lines(const Notify& notify, Origin origin) {
  return std::make_unique<MetricsLinesObserver>(notify, std::move(origin));
}

}  // namespace pumice::observers
