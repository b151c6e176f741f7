#pragma once

#include <string>
#include <vector>

#include "engine/base/metrics.h"
#include "engine/io/checkpoint.h"
#include "engine/train/trainer.h"

namespace pumice {

class TrainingRun;

/// The duration of an epoch's training, without tests and observers.
struct Speed {
  double seconds = 0;
  double images_per_second = 0;
};

/// A completed epoch, or the last one of a run whose minutes are used, however short.
struct Epoch {
  const io::EpochMetrics& metrics;  ///< training and test, including those of earlier observers
  Speed speed;
  bool ends_budget = false;  ///< the run ends here, before its schedule does
};

/// Takes part in a training run: measures it, writes one of its files, or reports to the user.
/// Observers are called in the order in which they were added to the run. An exception ends the
/// run.
class RunObserver {
 public:
  virtual ~RunObserver() = default;

  /// The names of the metrics that on_epoch() returns.
  virtual std::vector<std::string> metric_names() const { return {}; }
  /// One line saying on what and with what they were measured; may be empty.
  virtual std::string metric_basis() const { return ""; }

  /// The hash of the extractor that measures them; empty without one.
  virtual std::string extractor_hash() const { return ""; }

  /// The run has its folder and has completed run.epoch() epochs. Observers must discard what they
  /// wrote for later epochs: those will be trained again.
  virtual void on_begin(TrainingRun& /*run*/) {}
  /// Called regularly during an epoch, and once at its end.
  virtual void on_progress(TrainingRun& /*run*/, const train::Progress& /*progress*/) {}
  /// Returns metrics to add to the epoch's test metrics.
  virtual Metrics on_epoch(TrainingRun& /*run*/, const Epoch& /*epoch*/) { return {}; }
  /// The run was stopped within an epoch; its checkpoint is written next. Not called when the run
  /// only saves and continues.
  virtual void on_stop(TrainingRun& /*run*/) {}
  /// The checkpoint of the epoch has been written.
  virtual void on_saved(TrainingRun& /*run*/, const Epoch& /*epoch*/) {}
  /// Training is complete or was stopped, and the checkpoint has been written.
  virtual void on_end(TrainingRun& /*run*/) {}
};

}  // namespace pumice
