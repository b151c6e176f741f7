#include "native/training/steps_csv.h"

#include "native/observers/observers.h"

namespace pumice::observers {
namespace {

class StepsCsvObserver : public RunObserver {
 public:
  void on_begin(TrainingRun& run) override {
    file_.emplace(run.folder().steps(), run.trainer().metric_names(), run.steps_per_epoch(),
                  run.step());
  }

  void on_progress(TrainingRun& run, const train::Progress& /*progress*/) override {
    file_->append_whole(rows(run));
  }

  Metrics on_epoch(TrainingRun& run, const Epoch& /*epoch*/) override {
    file_->append_all(rows(run));
    return {};
  }

  void on_stop(TrainingRun& run) override { file_->append_all(rows(run)); }

 private:
  std::vector<train::StepMetrics> rows(const TrainingRun& run) const {
    return run.trainer().averages_by(file_->steps_per_row());
  }

  std::optional<StepsCsv> file_;
};

}  // namespace

Observer steps_csv() { return std::make_unique<StepsCsvObserver>(); }

}  // namespace pumice::observers
