#pragma once

#include <filesystem>
#include <string>

#include "native/recipes/recipe.h"

namespace pumice {

/// The classifier that measures images of a data set for which the program has no extractor.
struct OwnClassifier {
  Recipe recipe;
  std::string folder;          ///< of its images, as --data
  uint32_t classes = 0;        ///< that it distinguishes
  std::filesystem::path file;  ///< where it is kept once it is trained
};

/// The recipe "classifier-<data set>", kept as `~/.cache/pumice/extractors/<data set>.safetensors`.
/// Of a folder of images, for `data`'s size of images, with more epochs if they are few, and as
/// `folder-<hash of its files' names and sizes, and of the recipe>.safetensors`. `folder`: --data,
/// may be empty. Throws Error if there is no cache, and for a folder of images without classes.
OwnClassifier own_classifier(const Recipe::Data& data, const std::string& folder);

}  // namespace pumice
