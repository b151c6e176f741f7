#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/metrics.h"
#include "engine/base/table.h"
#include "native/recipes/recipe.h"

namespace pumice::commands {

/// A run that one of several seeds has trained.
struct SeedResult {
  uint64_t seed = 0;
  std::string folder;
  double epochs = 0;
  Metrics test;  ///< of the last epoch
};

/// The table in `parent` that write_seeds() writes.
std::filesystem::path seeds_file(const std::filesystem::path& parent);

/// The complete runs in the folders of seeds in `parent` whose recipe is this one but for the seed,
/// by seed; of a run that trained to its last epoch, the minutes may differ. `others`: the folders
/// of complete runs of other recipes. Throws Error if a checkpoint is damaged.
std::vector<SeedResult> read_seeds(const std::filesystem::path& parent, const Recipe& recipe,
                                   std::vector<std::string>& others);

/// A row for each run and, from two on, one with mean ± standard deviation of the metrics.
Table seeds_table(const std::vector<SeedResult>& results);

/// Whether write_seeds() may write the file: it does not exist, or is such a table.
bool may_write_seeds(const std::filesystem::path& file);

/// Writes the same as CSV for other programs, with a row "mean" and one "deviation". Throws Error
/// when the file cannot be written.
void write_seeds(const std::filesystem::path& file, const std::vector<SeedResult>& results);

}  // namespace pumice::commands
