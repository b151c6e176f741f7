#pragma once

#include <cstdio>
#include <memory>

#include "native/system/progress.h"
#include "native/training/training_run.h"

namespace pumice {

/// The progress bar of a run on a terminal, starting from its current state.
class RunProgress {
 public:
  RunProgress(std::FILE* out, const TrainingRun& run);

  void update(const train::Progress& progress);
  /// Ends the epoch's line with these metrics.
  void end_epoch(const Metrics& shown) { bar_.end_epoch(shown); }

 private:
  uint32_t images_per_step_;
  system::Progress bar_;
};

}  // namespace pumice
