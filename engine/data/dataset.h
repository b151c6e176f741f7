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
  bool (*is_in)(const std::filesystem::path& folder);  ///< tells its files by their names
};

/// "mnist", "fashion-mnist", "cifar10" and "folder", any folder of pictures.
std::span<const Dataset> datasets();

/// Throws Error naming those that there are.
const Dataset& find_dataset(std::string_view name);

/// The data set whose files lie in `folder`, but for "folder"; null where none does. MNIST's and
/// Fashion-MNIST's have the same names: the latter is meant where the path says "fashion".
const Dataset* recognized(const std::filesystem::path& folder);

/// Reads one split of a data set; all options but the folder matter only to "folder". Throws
/// Error with one line that names the file and what was expected of it.
ImageSet load(std::string_view name, const ImageFolderOptions& options, Split split);

}  // namespace pumice::data
