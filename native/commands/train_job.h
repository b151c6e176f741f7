#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/io/checkpoint.h"
#include "native/commands/session.h"
#include "native/recipes/recipe.h"
#include "native/system/folder_lock.h"
#include "native/training/run_folder.h"

namespace pumice::commands {

/// The command line of `pumice train`.
struct TrainOptions {
  std::string recipe;
  std::string resume;
  std::string data;
  std::string out;
  std::optional<uint32_t> epochs;
  std::optional<double> minutes;
  std::optional<uint32_t> batch;
  std::vector<std::string> set;
  std::string tune;
  bool force = false;
  bool strict = false;
  bool changed_data = false;
};

/// What to train, and where.
struct TrainJob {
  Recipe recipe;
  RunFolder folder;                        ///< empty path: a numbered folder, made at the start
  std::optional<system::FolderLock> lock;  ///< held for a run that is resumed or has begun
  std::optional<io::Checkpoint> resume;
};

/// A new run, or the one to resume. Throws Error if it may not be trained; changes nothing.
TrainJob job_of(const TrainOptions& options, const Session& session);

/// Takes the folder of a new run. Checks again, since another process may have written there.
void take_folder(TrainJob& job, const TrainOptions& options);

}  // namespace pumice::commands
