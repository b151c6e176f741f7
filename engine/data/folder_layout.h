#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/image_list.h"

namespace pumice::data {

/// A folder of images, divided into splits.
struct FolderLayout {
  ImageList train;
  ImageList test;
  std::string splits;                         ///< describes where the splits come from
  std::vector<std::string> unused_splits;     ///< "test, 4 images: val is the test split"
  std::vector<std::string> passed_over = {};  ///< "1 file that is not a PNG or JPEG: a.webp"

  const ImageList& of(Split split) const { return split == Split::kTrain ? train : test; }
};

/// Finds the images of a folder (see read_image_tree()), their classes and splits.
///
/// Two sibling folders named after a training and a test split (see split_name()) are the splits;
/// given both validation and test, validation is used. The splits may also be inside every class
/// folder, or be named for classes that are letters ("trainA", "testA"; see class_split()).
/// Otherwise a tenth of the images is the test split (see take_test_split()), and a folder named
/// "train" is a class like its siblings. All of this may be nested in folders that contain nothing
/// else, as archives unpack.
///
/// With `needs_labels`, a test split without the training images' classes is not used either.
/// Throws Error naming the folder if it does not exist, cannot be listed, or holds fewer than 2
/// images, or if some but not all of its folders hold splits.
FolderLayout read_folder_layout(const std::filesystem::path& folder, bool needs_labels = false);

}  // namespace pumice::data
