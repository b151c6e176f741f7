#include "native/formats/metrics_csv.h"

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

class MetricsCsvObserver : public RunObserver {
 public:
  void on_begin(TrainingRun& run) override {
    file_ = formats::MetricsCsv::go_on(run.folder().metrics(), columns_of(run), run.epoch());
  }

  Metrics on_epoch(TrainingRun& /*run*/, const Epoch& epoch) override {
    std::vector<double> row{double(epoch.metrics.epoch)};
    append(row, epoch.metrics.train);
    append(row, epoch.metrics.test);
    row.insert(row.end(), {epoch.speed.seconds, epoch.speed.images_per_second});
    file_->append(row);
    return {};
  }

 private:
  std::optional<formats::MetricsCsv> file_;
};

}  // namespace

Observer metrics_csv() { return std::make_unique<MetricsCsvObserver>(); }

}  // namespace pumice::observers
