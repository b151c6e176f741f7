#pragma once

#include <functional>
#include <string>

#include "engine/data/dataset.h"
#include "native/recipes/recipe.h"
#include "native/run/model_recipe.h"

namespace pumice {

/// Hears, in one line each, what is worth telling while data is loaded.
using Say = std::function<void(const std::string&)>;

/// One split of the data set that a recipe names. `folder` (--data) may be empty: see
/// data_folder(). Says that pictures are being decoded, and which of them were left out. Throws
/// Error as data::load does, and when nobody says where the pictures of a "folder" are.
data::ImageSet load_data(const Recipe::Data& wanted, const std::string& folder, data::Split split,
                         const Say& say);

/// Both splits, for training. Throws Error as load_data() does, and when the recipe's networks are
/// told classes and the folder of pictures has none: before its pictures are decoded.
TrainingData load_training_data(const Recipe& recipe, const std::string& folder, const Say& say);

}  // namespace pumice
