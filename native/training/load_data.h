#pragma once

#include <functional>
#include <string>

#include "engine/data/dataset.h"
#include "native/recipes/recipe.h"
#include "native/training/model_recipe.h"

namespace pumice {

/// Hears, in one line each, what is worth telling while data is loaded.
using Say = std::function<void(const std::string&)>;

/// Whether its networks are told classes or tell them apart.
bool needs_labels(const Recipe& recipe);

/// One split of the data set that a recipe names. `folder` (--data) may be empty: see
/// data_folder(). Says that pictures are being decoded, and which of them were left out. Throws
/// Error as data::load does, when nobody says where the pictures of a "folder" are, and when the
/// recipe needs labels and there are none.
data::ImageSet load_data(const Recipe& recipe, const std::string& folder, data::Split split,
                         const Say& say);

/// Both splits, for training; says what of the data is not used, and why labels are not. Throws
/// Error as load_data() does; missing labels of a folder are found before its pictures are decoded.
TrainingData load_training_data(const Recipe& recipe, const std::string& folder, const Say& say);

}  // namespace pumice
