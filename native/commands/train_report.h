#pragma once

#include <memory>

#include "native/commands/session.h"
#include "native/run/training_run.h"

namespace pumice::commands {

/// Tells the user how a training run goes: tables, a progress bar and words, or lines of JSON.
class TrainReport : public TrainingListener {
 public:
  virtual void on_start(const TrainingRun& run, const Recipe& recipe,
                        const hal::Limits& device) = 0;
  /// `go_on`: the command that resumes the run.
  virtual void on_end(const TrainingRun& run, bool complete, const std::string& go_on) = 0;
};

std::unique_ptr<TrainReport> make_train_report(const Session& session);

}  // namespace pumice::commands
