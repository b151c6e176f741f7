#include "native/formats/metrics_csv.h"

#include <cmath>

#include "native/observers/observers.h"

namespace pumice::observers {
namespace {

std::vector<std::string> columns_of(const TrainingRun& run) {
  std::vector<std::string> columns{"epoch"};
  for (const std::string& name : run.trainer().metric_names()) columns.push_back("train_" + name);
  for (const std::string& name : run.test_metric_names()) columns.push_back("test_" + name);
  columns.insert(columns.end(), {"seconds", "images_per_second"});
  return columns;
}

void append(std::vector<double>& row, const Metrics& metrics) {
  for (const Metric& metric : metrics) row.push_back(metric.value);
}

/// The value of a column in a checkpoint's metrics; nan if they do not have it, such as the time.
double value_of(const io::EpochMetrics& metrics, std::string_view column) {
  for (const auto& [prefix, list] :
       {std::pair("train_", &metrics.train), std::pair("test_", &metrics.test)}) {
    for (const Metric& metric : *list) {
      if (column == prefix + metric.name) return metric.value;
    }
  }
  return NAN;
}

formats::MetricsTable rows_of_checkpoint(const TrainingRun& run) {
  formats::MetricsTable table{
      .columns = columns_of(run), .rows = {}, .names_extractor = !run.extractor_hash().empty()};
  for (const io::EpochMetrics& metrics : run.history()) {
    std::vector<double>& row = table.rows.emplace_back();
    for (const std::string& column : table.columns) row.push_back(value_of(metrics, column));
    row[0] = metrics.epoch;
  }
  return table;
}

class MetricsCsvObserver : public RunObserver {
 public:
  explicit MetricsCsvObserver(Notify notify) : notify_(std::move(notify)) {}

  void on_begin(TrainingRun& run) override {
    file_ = formats::MetricsCsv::resume(run.folder().metrics(), rows_of_checkpoint(run),
                                        std::string(kFromCheckpoint), notify_);
  }

  Metrics on_epoch(TrainingRun& run, const Epoch& epoch) override {
    std::vector<double> row{double(epoch.metrics.epoch)};
    append(row, epoch.metrics.train);
    append(row, epoch.metrics.test);
    row.insert(row.end(), {epoch.speed.seconds, epoch.speed.images_per_second});
    file_->append(row, run.extractor_hash());
    file_->sync();
    return {};
  }

 private:
  Notify notify_;
  std::optional<formats::MetricsCsv> file_;
};

}  // namespace

Observer metrics_csv(const Notify& notify) { return std::make_unique<MetricsCsvObserver>(notify); }

}  // namespace pumice::observers
