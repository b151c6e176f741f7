#pragma once

#include "engine/benchmark/measurement.h"
#include "native/training/model_recipe.h"

namespace pumice::benchmark {

/// What its training needs, without its data.
SyntheticModel synthetic_model(const Recipe& recipe);

/// Adds up the dispatches, barriers and bytes of the programs of a step.
void count_dispatches(const train::Trainer& trainer, RecipeResult& result);

struct RecipeOptions {
  double seconds = 1;          ///< for the step, and for the decode
  bool dispatches = false;     ///< also time each dispatch
  std::string precision = {};  ///< instead of the recipe's train.precision; empty: that one
};

/// The recipe, a name or a file, with the precision of the options. Throws Error if there is none.
Recipe recipe_to_measure(const std::string& name_or_file, const RecipeOptions& options);

/// Measures the training step and the decode of a recipe on synthetic images. A model that the
/// device cannot train gives RecipeResult::problem. In f32 where the device lacks the recipe's
/// precision.
RecipeResult measure_recipe(hal::Device& device, const Recipe& recipe,
                            const RecipeOptions& options);

}  // namespace pumice::benchmark
