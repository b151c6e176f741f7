#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "native/recipes/recipe.h"
#include "native/sweeps/study.h"

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
  std::string name = {};   ///< of the [[run]] that lists it; empty for grids and lists
  std::string given = {};  ///< the source's result

  /// "gan: hidden=4, latent.size=10": the name and the values; or the recipe's name if there are
  /// neither.
  std::string label() const;
};

/// Training runs that differ in some keys of their recipes.
struct Sweep {
  std::string name;
  std::vector<SweepRun> runs;
  Study study = {};
  double minutes = 0;                      ///< of training for all runs together; 0: no limit
  std::vector<std::string> left_out = {};  ///< runs without their data, and why

  /// Equal parts of the minutes, whatever the runs need.
  double minutes_of_run() const { return minutes / static_cast<double>(runs.size()); }
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
/// and what makes it a study of several models:
///
///     source = "assignment 5A"     # the report that it reproduces; gives and concludes are lists
///     gives = ["FID 19.52 for the VAE"]
///     concludes = ["the GAN is better"]
///     shows = ["samples", "interpolation"]   # of image_names()
///     [evaluate]                   # see StudyEvaluation
///     samples = 10000
///     [[run]]
///     name = "gan"                 # default: the recipe's
///     recipe = "gan-mlp-mnist"     # default: that of the sweep
///     given = "FID 12.7"           # the source's result, for the table
///     set.train.epochs = 10
///     [[run]]
///     sweep = "sweep-vae-mnist"    # all runs of another sweep
///
/// The runs are those listed, then those of all grids and lists, without duplicates. Keys that a
/// [[run]] sets come after those of [set], and before those of the command line. Throws Error, one
/// line with the location, if the sweep is invalid or a recipe cannot be read; the latter names the
/// configuration.
Sweep parse_sweep(std::string_view toml, const std::string& file_name,
                  const SweepChanges& changes = {});

/// Loads a built-in sweep by name, or a file, as load_recipe does.
Sweep load_sweep(const std::string& name_or_file, const SweepChanges& changes = {});

}  // namespace pumice
