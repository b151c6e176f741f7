#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/image_set.h"

namespace pumice::data {

struct PictureFile {
  std::filesystem::path path;
  std::string name;  ///< path below the folder, with '/'
  uint8_t label = 0;
};

/// The pictures of one split of a folder, in an order that depends on their names alone.
struct PictureList {
  std::vector<PictureFile> files;
  std::vector<std::string> class_names;  ///< sorted; empty for a flat folder
};

/// Finds the PNG and JPEG files of `folder`: in one sub-folder per class (and below), or all in the
/// folder itself, without classes. Hidden files and other types are passed over.
///
/// With a sub-folder `train`, the classes lie in it, and those of the test split in `val` or `test`
/// beside it (as in Imagenette). Without the latter a tenth of the pictures, chosen by a hash of
/// their names, is the test split: adding pictures moves hardly any other.
///
/// Throws Error naming the folder when there is none, it has fewer than 2 pictures, pictures both
/// with and without class, more than 256 classes, or a class in the test split alone.
PictureList list_pictures(const std::filesystem::path& folder, Split split);

}  // namespace pumice::data
