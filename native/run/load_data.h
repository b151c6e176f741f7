#pragma once

#include <functional>
#include <string>

#include "engine/data/dataset.h"
#include "native/recipes/recipe.h"

namespace pumice {

/// Hears, in one line each, what is worth telling while data is loaded.
using Say = std::function<void(const std::string&)>;

/// One split of the data set that a recipe names. `folder` (--data) may be empty: see
/// data_folder(). Says that pictures are being decoded, and which of them were left out. Throws
/// Error as data::load does, and when nobody says where the pictures of a "folder" are.
data::ImageSet load_data(const Recipe::Data& wanted, const std::string& folder, data::Split split,
                         const Say& say);

/// Throws Error when the recipe's networks are told classes, and the folder of pictures that it
/// names has none: long before its pictures are decoded.
void require_classes(const Recipe& recipe, const std::string& folder);

}  // namespace pumice
