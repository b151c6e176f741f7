#pragma once

#include <string>
#include <vector>

#include "engine/base/figures.h"
#include "engine/io/checkpoint.h"
#include "engine/train/trainer.h"

namespace pumice {

class TrainingRun;

/// How long the training of an epoch took, without tests and observers.
struct Speed {
  double seconds = 0;
  double images_per_second = 0;
};

/// A completed epoch.
struct Epoch {
  const io::EpochFigures& figures;  ///< training and test, with what earlier observers added
  Speed speed;
};

/// Takes part in a training run: measures it, writes one of its files, or tells the user about it.
/// Observers are called in the order in which they were added to the run. Whatever they throw ends
/// the run.
class RunObserver {
 public:
  virtual ~RunObserver() = default;

  /// The names of the metrics that on_epoch() returns.
  virtual std::vector<std::string> metric_names() const { return {}; }
  /// What those were measured on and with, in a line; may be empty.
  virtual std::string metric_basis() const { return ""; }

  /// The run has its folder, and run.epoch() epochs behind it. What an observer wrote about later
  /// epochs has to go: they will be trained again.
  virtual void on_begin(TrainingRun& /*run*/) {}
  /// From time to time during an epoch, and once at its end.
  virtual void on_progress(TrainingRun& /*run*/, const train::Progress& /*progress*/) {}
  /// Returns what joins the epoch's test metrics.
  virtual Figures on_epoch(TrainingRun& /*run*/, const Epoch& /*epoch*/) { return {}; }
  /// The run was stopped within an epoch; its checkpoint is written next.
  virtual void on_stop(TrainingRun& /*run*/) {}
  /// The checkpoint of the epoch has been written.
  virtual void on_saved(TrainingRun& /*run*/, const Epoch& /*epoch*/) {}
  /// Training is complete or was stopped, and the checkpoint has been written.
  virtual void on_end(TrainingRun& /*run*/) {}
};

}  // namespace pumice
