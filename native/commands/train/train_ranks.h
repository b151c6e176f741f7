#pragma once

#include "native/commands/train/train_job.h"
#include "native/commands/train/train_runs.h"

namespace pumice::commands {

/// The processes that this one trains a run with, started by mpirun or srun; null if it is alone.
/// From then on only rank 0 prints. Throws Error as ranks::join does.
std::unique_ptr<train::Ranks> join_ranks(Session& session);

/// Throws UsageError unless the command line is for one run, which ranks can train together.
void require_one_run(const TrainOptions& options, const train::Ranks& ranks);

/// Throws Error, on all ranks, unless they train the same recipe on the same data from the same
/// step.
void require_same_run(const TrainingRun& run);

/// Trains until the end, where all ranks fail or succeed together. An error of one rank alone is
/// printed, and ends the others.
int train_to_end(TrainRuns& runs, train::Ranks& ranks);

/// Says what the ranks train on.
void tell_of_ranks(const TrainingRun& run, const Session& session);
/// Says where the time of the steps went.
void tell_of_exchange(const TrainingRun& run, const Session& session);

}  // namespace pumice::commands
