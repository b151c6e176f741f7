#pragma once

#include <string>

#include "native/training/training_run.h"

namespace pumice {

/// A run that is trained together with others; its folder is open.
struct NamedRun {
  TrainingRun* run = nullptr;
  std::string name = {};  ///< for the labels of captures: "seed-2"
};

/// Where train_together() gets its runs from, and what becomes of them.
class RunSupply {
 public:
  virtual ~RunSupply() = default;

  /// The next run to begin; without a run: none for now. Asked until there is none at the
  /// beginning, and again whenever runs have ended.
  virtual NamedRun next() = 0;
  /// An error has ended the run, whose folder holds what it saved before. Called from within the
  /// handler of the exception, before ended().
  virtual void failed(TrainingRun& run, const std::string& reason) = 0;
  /// The run has ended, and may be destroyed.
  virtual void ended(TrainingRun& run) = 0;
};

/// Trains runs on their common device at the same time: their programs are woven into one (see
/// train::Weaver) or, if the device gains nothing from that, take turns of several steps. Each run
/// gives the same bytes as alone. Otherwise as TrainingRun::go does for each. Errors end a single
/// run, such as train::NotFinite, and the others continue. A lost device ends all: throws
/// DeviceLost.
void train_together(hal::Device& device, RunSupply& supply, const TrainingRun::Stop& stop);

}  // namespace pumice
