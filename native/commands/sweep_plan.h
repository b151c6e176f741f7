#pragma once

#include <optional>
#include <string>
#include <vector>

#include "native/commands/session.h"
#include "native/sweeps/sweep_folder.h"
#include "native/system/folder_lock.h"

namespace pumice::commands {

/// What the command line of `pumice sweep` says.
struct SweepOptions {
  std::string sweep;
  std::string resume;
  std::string data;
  std::string out;
  std::optional<uint32_t> epochs;
  std::vector<uint64_t> seeds;
  std::vector<std::string> set;
  uint32_t jobs = 1;
  bool dry_run = false;
  bool changed_data = false;
};

/// What to train and where.
struct SweepPlan {
  Sweep sweep;
  SweepFolder folder;  ///< of an empty path: one with a number, made when the sweep begins
  std::optional<system::FolderLock> lock = {};  ///< of a sweep that is resumed or has begun
};

/// Reads the sweep that the options mean, and takes the lock of a folder that holds it already,
/// unless it is a dry run. Throws Error when the sweep makes no sense or the folder is not its own.
SweepPlan plan_of(const SweepOptions& options);

/// How far each run has come; without a folder none has begun.
std::vector<RunResult> results_of(const SweepPlan& plan);

/// Takes the folder of a new sweep and reads the results again: another process may have been
/// there since.
void begin(SweepPlan& plan, std::vector<RunResult>& results);

/// Builds every run that is left before the first one starts: an hour later is too late to learn
/// that the last one cannot be built. Notes their numbers of parameters in `results`. Throws Error
/// naming the run.
void check_runs(const SweepOptions& options, Session& session, const SweepPlan& plan,
                std::vector<RunResult>& results);

/// Prints the runs and how far each has come.
void show_plan(const Session& session, const SweepPlan& plan,
               const std::vector<RunResult>& results);

}  // namespace pumice::commands
