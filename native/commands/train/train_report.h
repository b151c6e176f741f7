#pragma once

#include <memory>

#include "native/commands/session.h"
#include "native/training/run_observer.h"

namespace pumice::commands {

/// Reports a training run to the user: tables, a progress bar and messages, or JSON lines. `data`:
/// --data, repeated in the command that resumes the run.
std::unique_ptr<RunObserver> train_report(const Session& session, const std::string& data);

/// An epoch's metrics as they are shown: those of the test are named "test …".
Metrics shown_metrics(const io::EpochMetrics& metrics);

}  // namespace pumice::commands
