#pragma once

#include <string>

#include "engine/base/notify.h"
#include "engine/data/dataset.h"
#include "native/recipes/recipe.h"
#include "native/training/model_recipe.h"

namespace pumice {

/// Whether the model is conditional or a classifier.
bool needs_labels(const Recipe& recipe);

/// Whether both recipes load the same images and labels.
bool has_same_data(const Recipe& a, const Recipe& b);

/// The folder of a recipe whose data is "folder": `folder` (--data), or the recipe's. Throws Error
/// if neither is given.
std::filesystem::path image_folder(const Recipe::Data& data, const std::string& folder);

/// Loads one split of the recipe's data set. `folder` (--data) may be empty: see data_folder().
/// Reports to `notify` that images are being decoded, and which were left out. Throws Error as
/// data::load does, if neither the recipe nor --data gives the path of a "folder", and if the
/// recipe needs labels and there are none.
data::ImageSet load_data(const Recipe& recipe, const std::string& folder, data::Split split,
                         const Notify& notify);

/// Loads both splits for training; reports data that is not used, and why labels are not. Throws
/// Error as load_data() does; missing labels of a folder are found before its images are decoded.
TrainingData load_training_data(const Recipe& recipe, const std::string& folder,
                                const Notify& notify);

}  // namespace pumice
