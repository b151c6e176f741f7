#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "native/recipes/recipe.h"

namespace pumice {

/// What a run of a sweep has and others have not.
struct SweepValue {
  std::string key;
  std::string shown;  ///< empty where the run leaves the key to its recipe
  bool operator==(const SweepValue&) const = default;
};

struct SweepRun {
  std::string folder;  ///< "03-hidden-4_latent.size-10": its name in the sweep's folder
  std::vector<SweepValue> values;
  Recipe recipe;

  /// "hidden=4, latent.size=10": the values; without any, the recipe's name.
  std::string label() const;
};

/// Training runs that differ in some keys of their recipes.
struct Sweep {
  std::string name;
  std::vector<SweepRun> runs;
};

/// What the command line says about all runs.
struct SweepChanges {
  std::vector<std::string> set;  ///< "key=value", applied last
  std::vector<uint64_t> seeds;   ///< instead of the sweep's
};

/// Reads a sweep from TOML:
///
///     name = "widths"
///     recipe = "vae-mlp-mnist"     # a built-in one, or a file beside this one
///     seeds = [1, 2, 3]            # each configuration with each; default: the recipe's
///     [set]                        # keys of the recipe for all runs that have them
///     train.epochs = 10
///     [choices.depth.shallow]      # a name for several keys: grids and lists may say
///     encoder.layers = [ ... ]     # depth = ["shallow", ...]
///     [[grid]]                     # every combination of the values
///     latent.size = [2, 10]
///     depth = ["shallow", "deep"]
///     [[list]]                     # the first values together, the second ones, ...
///     optimizer.name = ["adam", "sgd"]
///     optimizer.learning_rate = [1e-3, 1e-1]
///
/// The runs are those of all grids and lists; the same one twice is one. Throws Error, one line
/// that says where, for what makes no sense, and, naming the configuration, for recipes that do not
/// read.
Sweep parse_sweep(std::string_view toml, const std::string& file_name,
                  const SweepChanges& changes = {});

/// Loads a sweep by the name of a built-in one or from a file, as load_recipe does.
Sweep load_sweep(const std::string& name_or_file, const SweepChanges& changes = {});

}  // namespace pumice
