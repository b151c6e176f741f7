#include "native/training/steps_csv.h"

#include "native/observers/observers.h"

namespace pumice::observers {
namespace {

class StepsCsvObserver : public RunObserver {
 public:
  explicit StepsCsvObserver(Notify notify) : notify_(std::move(notify)) {}

  void on_begin(TrainingRun& run) override {
    file_.emplace(run.folder().steps(), run.trainer().metric_names(), run.steps_per_epoch(),
                  run.step(), notify_);
  }

  void on_progress(TrainingRun& run, const train::Progress& /*progress*/) override {
    file_->append_whole(rows(run));
  }

  Metrics on_epoch(TrainingRun& run, const Epoch& /*epoch*/) override {
    file_->append_all(rows(run));
    file_->sync();
    return {};
  }

  void on_stop(TrainingRun& run) override { file_->append_all(rows(run)); }

 private:
  std::vector<train::StepMetrics> rows(const TrainingRun& run) const {
    return run.trainer().averages_by(file_->steps_per_row());
  }

  Notify notify_;
  std::optional<StepsCsv> file_;
};

}  // namespace

Observer steps_csv(const Notify& notify) { return std::make_unique<StepsCsvObserver>(notify); }

}  // namespace pumice::observers
