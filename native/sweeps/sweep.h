#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "native/recipes/recipe.h"

namespace pumice {

/// A key whose value distinguishes a run from others of the sweep.
struct SweepValue {
  std::string key;
  std::string shown;  ///< empty if the run keeps its recipe's value
  bool operator==(const SweepValue&) const = default;
};

struct SweepRun {
  std::string folder;  ///< its folder within the sweep's: "03-hidden-4_latent.size-10"
  std::vector<SweepValue> values;
  Recipe recipe;

  /// "hidden=4, latent.size=10": the values; or the recipe's name if there are none.
  std::string label() const;
};

/// Training runs that differ in some keys of their recipes.
struct Sweep {
  std::string name;
  std::vector<SweepRun> runs;
};

/// The command line's settings for all runs.
struct SweepChanges {
  std::vector<std::string> set;  ///< "key=value", applied last
  std::vector<uint64_t> seeds;   ///< replace the sweep's
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
/// The runs are those of all grids and lists, without duplicates. Throws Error, one line with the
/// location, if the sweep is invalid or a recipe cannot be read; the latter names the
/// configuration.
Sweep parse_sweep(std::string_view toml, const std::string& file_name,
                  const SweepChanges& changes = {});

/// Loads a built-in sweep by name, or a file, as load_recipe does.
Sweep load_sweep(const std::string& name_or_file, const SweepChanges& changes = {});

}  // namespace pumice
