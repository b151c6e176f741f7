#pragma once

#include <memory>

#include "native/commands/session.h"
#include "native/training/run_observer.h"

namespace pumice::commands {

/// Tells the user about a training run: tables, a progress bar and words, or lines of JSON. `data`:
/// --data, which the command that resumes the run repeats.
std::unique_ptr<RunObserver> train_report(const Session& session, const std::string& data);

}  // namespace pumice::commands
