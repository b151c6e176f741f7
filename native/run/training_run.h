#pragma once

#include <functional>
#include <optional>

#include "native/report/metrics_csv.h"
#include "native/run/epoch_evaluation.h"
#include "native/run/model.h"
#include "native/run/model_recipe.h"
#include "native/run/run_folder.h"
#include "native/run/run_log.h"
#include "native/run/steps_csv.h"

namespace pumice {

/// Hears how a run goes on.
class TrainingListener {
 public:
  virtual ~TrainingListener() = default;
  virtual void on_progress(const train::Progress& progress) = 0;
  virtual void on_epoch(const io::EpochFigures& figures, const Speed& speed) = 0;
};

/// A training run with its folder: trains, tests, draws and saves, epoch by epoch.
class TrainingRun {
 public:
  /// Readies everything on the device; with `resume`, in the state of that checkpoint. Touches no
  /// file. `device` and `data` must outlive this. Throws Error when recipe, data and checkpoint do
  /// not fit together.
  TrainingRun(hal::Device& device, const Recipe& recipe, const TrainingData& data,
              const io::Checkpoint* resume);

  /// Adds its figures to those of the test. Before open_folder(), which notes their names.
  void add_evaluation(std::unique_ptr<EpochEvaluation> evaluation);

  /// Takes the folder, which the caller has locked: removes what an earlier run left there, or
  /// continues the metrics and events of a resumed one; writes the recipe. Throws Error when a file
  /// cannot be written, or removed because no run wrote it.
  void open_folder(const RunFolder& folder);

  /// Trains up to the recipe's last epoch, or until `stop` answers true; then finishes the step.
  /// Either way everything is saved on return, and the report written. Answers whether the run is
  /// complete.
  /// Throws train::NotFinite, and Error when a file cannot be written.
  bool go(TrainingListener& listener, const std::function<bool()>& stop);

  const Model& model() const { return model_; }
  const RunFolder& folder() const { return folder_; }
  uint32_t epoch() const { return record_.epoch; }  ///< epochs completed
  uint32_t step() const { return trainer_->step(); }
  uint32_t steps_per_epoch() const { return trainer_->steps_per_epoch(); }
  uint32_t images_per_step() const;  ///< of the data set

 private:
  void load(const io::Checkpoint& checkpoint);
  bool train_epoch(TrainingListener& listener, const std::function<bool()>& stop);
  Figures train_steps(TrainingListener& listener, const std::function<bool()>& stop);
  void finish_epoch(const Figures& train, const Speed& speed);
  std::vector<std::string> metrics() const;
  void draw_epoch();
  void draw_by_epoch(const std::filesystem::path& path, const std::string& tag,
                     const report::Picture& picture);
  void draw_reconstructions();
  void draw_plane();
  void draw_curves() const;
  bool train_epochs(TrainingListener& listener, const std::function<bool()>& stop);
  void draw_end();
  void draw_stop();
  void save();

  hal::Device& device_;
  Recipe recipe_;
  const TrainingData& data_;
  RunFolder folder_;
  Model model_;
  std::unique_ptr<train::Trainer> trainer_;
  std::unique_ptr<EpochEvaluation> evaluation_;  ///< null without
  io::TrainingRecord record_;
  std::optional<report::MetricsCsv> metrics_;
  std::optional<StepsCsv> steps_;
  std::optional<RunLog> log_;
};

}  // namespace pumice
