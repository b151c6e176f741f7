#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "native/recipes/recipe.h"

namespace pumice::commands {

/// The runs of one recipe with several seeds, in a folder that remembers them in its `seeds.json`:
/// `pumice train --resume FOLDER` continues all of them.
struct SeedRuns {
  std::filesystem::path folder;  ///< empty until it is made
  Recipe recipe;                 ///< with any of the seeds
  std::vector<uint64_t> seeds;
  uint32_t together = 0;  ///< --together
  std::string tune;       ///< --tune
};

/// Whether two recipes are the same but for their seeds.
bool is_same_but_for_seed(const Recipe& a, const Recipe& b);

/// The folder in `parent` of the run with this seed.
std::filesystem::path seed_folder(const std::filesystem::path& parent, uint64_t seed);

/// Whether the folder remembers runs of seeds.
bool holds_seed_runs(const std::filesystem::path& folder);

/// Throws Error if the file is damaged or was written by a newer program. `changes`: to the recipe,
/// as for parse_recipe.
SeedRuns read_seed_runs(const std::filesystem::path& folder,
                        const std::vector<std::string>& changes = {});

/// Adds those that the folder already holds; their seeds come first. With `force`, those of another
/// recipe are forgotten. Throws Error if there are such otherwise, and as read_seed_runs does.
SeedRuns with_earlier(SeedRuns runs, bool force);

/// Throws Error when the file cannot be written.
void write_seed_runs(const SeedRuns& runs);

}  // namespace pumice::commands
