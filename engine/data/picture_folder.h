#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/picture_list.h"

namespace pumice::data {

/// A folder of pictures, divided into splits.
struct PictureFolder {
  PictureList train;
  PictureList test;
  std::string splits;                         ///< describes where the splits come from
  std::vector<std::string> unused_splits;     ///< "test, 4 pictures: val is the test split"
  std::vector<std::string> passed_over = {};  ///< "1 file that is not a PNG or JPEG: a.webp"

  const PictureList& of(Split split) const { return split == Split::kTrain ? train : test; }
};

/// Finds the pictures of a folder (see read_picture_tree()), their classes and splits.
///
/// Two sibling folders named after a training and a test split (see split_name()) are the splits;
/// given both validation and test, validation is used. The splits may also be inside every class
/// folder, or be named for classes that are letters ("trainA", "testA"; see class_split()).
/// Otherwise a tenth of the pictures is the test split (see take_test_split()), and a folder named
/// "train" is a class like its siblings. All of this may be nested in folders that contain nothing
/// else, as archives unpack.
///
/// With `needs_labels`, a test split without the training pictures' classes is not used either.
/// Throws Error naming the folder if it does not exist, cannot be listed, or holds fewer than 2
/// pictures, or if some but not all of its folders hold splits.
PictureFolder read_picture_folder(const std::filesystem::path& folder, bool needs_labels = false);

}  // namespace pumice::data
