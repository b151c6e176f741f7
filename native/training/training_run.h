#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/hal/device_with_limits.h"
#include "native/training/model_on_device.h"
#include "native/training/model_recipe.h"
#include "native/training/run_folder.h"
#include "native/training/run_length.h"
#include "native/training/run_observer.h"

namespace pumice {

/// A training run in its folder: a loop over epochs that saves a checkpoint after each and, by
/// train.checkpoint_minutes and checkpoint_steps, within. All other files of a run are written by
/// its observers.
class TrainingRun {
 public:
  /// Prepares everything on the device; with `resume`, in the state of that checkpoint. Does not
  /// touch files. `device` and `data` must outlive this. `tuning`: the choices of kernels for the
  /// trainer, which the checkpoint names; null: fixed rules. `uploaded`: the same data on the
  /// device, which several runs may share; uploaded by this if empty. `ranks`: the processes that
  /// train the run together, which must outlive this; all call what follows, except that only rank
  /// 0 has a folder and observers. Throws Error if recipe, data and checkpoint do not fit together.
  TrainingRun(hal::Device& device, const Recipe& recipe, const TrainingData& data,
              const io::Checkpoint* resume, const std::shared_ptr<hal::Tuning>& tuning = nullptr,
              const std::optional<train::Datasets>& uploaded = {},
              train::Ranks& ranks = train::single_rank());

  /// Call before open_folder().
  void add(std::unique_ptr<RunObserver> observer) { observers_.push_back(std::move(observer)); }

  /// Takes the folder, which the caller has locked: removes the files of an earlier run or, if this
  /// one resumes from an earlier checkpoint than the newest, those after it; writes the recipe, and
  /// calls the observers' on_begin(). Throws Error when a file cannot be written, or
  /// must not be removed because no run wrote it.
  void open_folder(const RunFolder& folder);

  using Stop = std::function<bool()>;

  /// Trains until the recipe's last epoch ends, until its minutes are used but for what the last
  /// test will take, or until `stop` returns true; in the latter two cases finishes the step.
  /// Everything is saved on return. When the minutes end within an epoch, its part is tested and
  /// reported like an epoch, and trained on by a resumed run. Throws train::NotFinite, and Error
  /// when a file cannot be written.
  RunEnd go(const Stop& stop);

  /// The same step by step, for go() and for several runs on one device (see train_together): after
  /// begin(), the programs of the next step, to be run before the next call, until there are none.
  void begin();
  train::Programs next_step(const Stop& stop);

  /// Trains some steps without saving anything: to measure how long they take.
  void run_steps(uint32_t count) { trainer_->run_steps(count); }

  hal::Device& device() const { return device_; }
  const Recipe& recipe() const { return recipe_; }
  const TrainingData& data() const { return data_; }
  const RunFolder& folder() const { return folder_; }
  train::Ranks& ranks() const { return ranks_; }
  const models::Model& model() const { return model_.model(); }
  models::Inference& inference() { return model_.inference(); }
  const train::Trainer& trainer() const { return *trainer_; }

  /// The names of an epoch's test metrics; those of the observers come last.
  std::vector<std::string> test_metric_names() const;
  /// On what and with what the observers' metrics are measured; empty without any.
  std::string metric_basis() const;
  /// Of the extractor that measures them; empty without one.
  std::string extractor_hash() const;
  /// What a checkpoint says of the run so far.
  const io::TrainingRecord& record() const { return record_; }
  /// The metrics of all completed epochs.
  const std::vector<io::EpochMetrics>& history() const { return record_.metrics; }

  bool is_complete() const { return epoch() >= recipe_.train.epochs; }
  /// How training ended; kStopped while it trains.
  RunEnd end() const;
  /// Of training so far, including earlier processes.
  double seconds() const;
  RunLength length() const;
  uint32_t epoch() const { return record_.epoch; }  ///< epochs completed
  uint32_t step() const { return trainer_->step(); }
  uint32_t steps_per_epoch() const { return trainer_->steps_per_epoch(); }
  uint32_t images_per_step() const;  ///< from the data set

 private:
  /// What the next step is part of.
  enum class Phase : uint8_t { kTraining, kTesting, kEnded };
  /// The epoch, or part of one, that is being trained or tested.
  struct Part {
    std::chrono::steady_clock::time_point begin;
    uint32_t first_step = 0;
    Metrics train = {};
    Speed speed = {};
  };

  void load(const io::Checkpoint& checkpoint);
  void begin_epoch();
  train::Programs next_training_step(const Stop& stop);
  Metrics end_epoch();
  void end_training(const Stop& stop);
  void end_testing(const Stop& stop);
  void finish();
  void report_progress(const train::Progress& progress);
  bool on_any_rank(bool mine) { return ranks_.size() == 1 ? mine : ranks_.any(mine); }
  bool is_save_due() const;
  bool is_save_step() const;
  double seconds_to_end() const;
  bool is_out_of_time() const;
  void finish_epoch(const Metrics& test);
  void save();

  hal::Device& device_;
  hal::DeviceWithLimits training_device_;  ///< see training_limits
  Recipe recipe_;
  const TrainingData& data_;
  train::Ranks& ranks_;
  RunFolder folder_;
  ModelOnDevice model_;
  std::unique_ptr<train::Trainer> trainer_;
  std::vector<std::unique_ptr<RunObserver>> observers_;
  io::TrainingRecord record_;
  double earlier_seconds_ = 0;  ///< of earlier processes
  std::optional<std::chrono::steady_clock::time_point> begin_;
  std::chrono::steady_clock::time_point last_save_;
  std::chrono::steady_clock::time_point test_begin_;
  std::string resumed_from_;  ///< the checkpoint's path; empty for a new run
  bool ends_budget_ = false;
  double longest_end_ = 0;  ///< seconds of an epoch's test and files, so far
  Phase phase_ = Phase::kEnded;
  Part part_;
};

}  // namespace pumice
