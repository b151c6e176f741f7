#pragma once

#include "native/commands/session.h"
#include "native/training/training_run.h"
#include "native/training/tuning.h"

/// What decides the last digits of a run besides its recipe: the device, the precision that it is
/// capable of, and the choices of kernels.
namespace pumice::commands {

/// The choices of kernels for a run; null: fixed rules. A resumed run keeps its own on the same
/// device unless `tune` (of add_tune_option) says otherwise.
std::shared_ptr<hal::Tuning> kernels_for(hal::Device& device, const Recipe& recipe,
                                         const TrainingData& data, const io::Checkpoint* resume,
                                         const std::string& tune, const Session& session,
                                         train::Ranks& ranks);

/// Each prints a note if a resumed run, or this device, will not give the expected digits.
void tell_of_another_device(const io::TrainingRecord& record, const hal::Device& device,
                            const Session& session);
void tell_of_missing_precision(const Recipe& recipe, const hal::Limits& limits,
                               const Session& session);
void tell_of_other_kernels(const io::TrainingRecord& record, const TrainingRun& run,
                           const Session& session);

}  // namespace pumice::commands
