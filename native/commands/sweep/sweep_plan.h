#pragma once

#include <optional>
#include <string>
#include <vector>

#include "native/commands/session.h"
#include "native/sweeps/sweep_share.h"
#include "native/system/folder_lock.h"

namespace pumice::commands {

/// The command line of `pumice sweep`.
struct SweepOptions {
  std::string sweep;
  std::string resume;
  std::string data;
  std::string out;
  std::optional<uint32_t> epochs;
  std::optional<double> minutes;
  std::vector<uint64_t> seeds;
  std::vector<std::string> set;
  uint32_t jobs = 1;
  uint32_t together = 1;
  std::vector<std::string> devices;  ///< as for --device, or "all"; empty: one
  bool share = false;
  std::string array;  ///< "INDEX/COUNT"
  bool dry_run = false;
  bool changed_data = false;
};

/// What to train and where.
struct SweepPlan {
  Sweep sweep;
  SweepFolder folder;  ///< empty path: a numbered folder, made when the sweep begins
  SweepShare share = {};
  std::optional<system::FolderLock> lock = {};  ///< held for a sweep that is resumed or has begun
};

/// Reads the sweep that the options describe and, unless it is a dry run, locks a folder that
/// already holds it. Throws Error if the sweep is invalid or the folder is not its own.
SweepPlan plan_of(const SweepOptions& options);

/// The progress of each run; without a folder, none has begun.
std::vector<RunResult> results_of(const SweepPlan& plan);

/// Takes the folder of a new sweep and reads the results again, since another process may have
/// written there.
void begin(SweepPlan& plan, std::vector<RunResult>& results);

/// Builds every remaining run before the first one starts, so that an invalid one is found at once
/// and not hours later. Stores their numbers of parameters and the duration of their schedules,
/// measured over some steps on `device`, in `results`. Throws Error naming the run.
void check_runs(const SweepOptions& options, Session& session, const std::string& device,
                const SweepPlan& plan, std::vector<RunResult>& results);

/// Of all schedules, as measured.
double total_seconds(const std::vector<RunResult>& results);

/// What the schedules of all runs would take, and what they get of the sweep's minutes; a line
/// each.
std::string schedule_text(const SweepPlan& plan, const std::vector<RunResult>& results);

/// Prints the runs and the progress of each.
void show_plan(const Session& session, const SweepPlan& plan,
               const std::vector<RunResult>& results);

}  // namespace pumice::commands
