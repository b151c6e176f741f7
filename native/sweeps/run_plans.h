#pragma once

#include "native/sweeps/sweep.h"
#include "native/sweeps/sweep_file.h"

namespace pumice {

/// A run of a sweep before its recipe is read.
struct RunPlan {
  std::string name;  ///< of its [[run]], which may have none; or of the included sweep
  std::string given;
  std::string recipe;
  std::vector<std::string> presets;  ///< "key=value": see load_recipe
  std::vector<uint64_t> seeds;
  Configuration configuration;  ///< with its seed, if it has one
};

/// A sweep's file and its name for messages.
struct NamedSweepFile {
  SweepFile content;
  std::string name;
};

/// Reads a built-in sweep, or a file; the files that it names are found beside it.
NamedSweepFile read_sweep_file(const std::string& name_or_file);

/// All runs, each with every seed. Runs whose images are missing are named in `left_out` instead.
std::vector<RunPlan> plans_of(const SweepFile& file, const SweepChanges& changes,
                              std::vector<std::string>& left_out);

}  // namespace pumice
