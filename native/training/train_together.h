#pragma once

#include <functional>
#include <string>
#include <vector>

#include "native/training/training_run.h"

namespace pumice {

/// A run that is trained together with others; its folder is open.
struct NamedRun {
  TrainingRun* run = nullptr;
  std::string name = {};  ///< for the labels of captures: "seed-2"
};

/// A run that an error has ended. Its folder holds what it saved before.
struct FailedRun {
  size_t index = 0;  ///< of the runs
  std::string reason;
};

/// Trains the runs on their common device at the same time: their programs are woven into one (see
/// train::Weaver) or, if the device gains nothing from that, take turns of several steps. Each run
/// gives the same bytes as alone. Otherwise as TrainingRun::go does for each. Errors end a single
/// run, such as train::NotFinite; then calls `on_failure` from within the handler of the exception,
/// and continues with the others. A lost device ends all: throws DeviceLost.
void train_together(hal::Device& device, const std::vector<NamedRun>& runs,
                    const TrainingRun::Stop& stop,
                    const std::function<void(const FailedRun&)>& on_failure);

}  // namespace pumice
