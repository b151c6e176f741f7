#pragma once

#include "engine/benchmark/measurement.h"
#include "native/training/model_recipe.h"

namespace pumice::benchmark {

/// What its training needs, without its data.
SyntheticModel synthetic_model(const Recipe& recipe);

/// Adds up the dispatches, barriers and bytes of the programs of a step.
void count_dispatches(const train::Trainer& trainer, RecipeResult& result);

struct RecipeOptions {
  double seconds = 1;       ///< for the step, and for the decode
  bool dispatches = false;  ///< also time each dispatch
};

/// Measures the training step and the decode of a recipe, a name or a file, on synthetic images. A
/// model that the device cannot train gives RecipeResult::problem; throws Error if there is no such
/// recipe.
RecipeResult measure_recipe(hal::Device& device, const std::string& name_or_file,
                            const RecipeOptions& options);

}  // namespace pumice::benchmark
