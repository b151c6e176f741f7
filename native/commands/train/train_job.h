#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/checkpoint.h"
#include "native/commands/session.h"
#include "native/commands/train/seed_runs.h"
#include "native/recipes/recipe.h"
#include "native/system/folder_lock.h"
#include "native/training/run_folder.h"

namespace pumice::commands {

/// The command line of `pumice train`.
struct TrainOptions {
  std::vector<std::string> recipes;
  std::vector<uint64_t> seeds;
  std::vector<std::string> resume;
  std::string data;
  std::vector<std::string> out;
  std::optional<uint32_t> epochs;
  std::optional<double> minutes;
  std::optional<uint32_t> batch;
  std::vector<std::string> set;
  std::string tune;
  uint32_t together = 0;  ///< runs at the same time; 0: as many as fit
  bool force = false;
  bool strict = false;
  bool changed_data = false;
  bool watch = false;  ///< serve the runs' report while they train
};

/// What to train, and where.
struct TrainJob {
  Recipe recipe;
  RunFolder folder;                        ///< empty path: a numbered folder, made at the start
  std::optional<system::FolderLock> lock;  ///< held for a run that is resumed or has begun
  std::optional<io::Checkpoint> resume;
};

/// The runs of several seeds that the command line begins, with those that their folder already
/// holds, or that it resumes by their folder; absent if it names runs or recipes. Throws Error as
/// read_seed_runs and with_earlier do.
std::optional<SeedRuns> seed_runs_of(const TrainOptions& options, const Session& session);

/// The runs to train: new ones, or those to resume, whose folders are locked if `writes`. `seeds`:
/// of seed_runs_of; when they are resumed, complete runs are left out, so that there may be none.
/// Throws Error if one may not be trained; changes nothing.
std::vector<TrainJob> jobs_of(const TrainOptions& options, const std::optional<SeedRuns>& seeds,
                              const Session& session, bool writes = true);

/// Where runs that lost their device begin again: at their latest checkpoints, if they have any.
/// Leaves out those that are complete.
void take_up_again(std::vector<TrainJob>& jobs);

}  // namespace pumice::commands
