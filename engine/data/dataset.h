#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/data/image_folder.h"

namespace pumice::data {

/// A data set that recipes know by name.
struct Dataset {
  std::string_view name;    ///< "mnist"
  std::string_view title;   ///< "MNIST"
  std::string_view files;   ///< what its folder has to hold
  std::string_view origin;  ///< where people get it; empty where it is people's own
  ImageSet (*load)(const ImageFolderOptions& options, Split split);
};

/// "mnist", "fashion-mnist", "cifar10" and "folder", any folder of pictures.
std::span<const Dataset> datasets();

/// Throws Error naming those that there are.
const Dataset& find_dataset(std::string_view name);

/// Reads one split of a data set; size, channels, strict and cache matter only to "folder". Throws
/// Error with one line that names the file and what was expected of it.
ImageSet load(std::string_view name, const ImageFolderOptions& options, Split split);

}  // namespace pumice::data
