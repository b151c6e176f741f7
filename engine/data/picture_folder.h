#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/picture_list.h"

namespace pumice::data {

/// What a folder of pictures is to training.
struct PictureFolder {
  PictureList train;
  PictureList test;
  std::string splits;                         ///< where they come from, in words
  std::vector<std::string> unused_splits;     ///< "test, 4 pictures: val is the test split"
  std::vector<std::string> passed_over = {};  ///< "1 file that is not a PNG or JPEG: a.webp"

  const PictureList& of(Split split) const { return split == Split::kTrain ? train : test; }
};

/// Finds the pictures of a folder (see read_picture_tree()), their classes and splits.
///
/// Two folders beside each other that are called after a training and a test split (see
/// split_name()) are the splits; of validation and test, validation is used. Splits in every class
/// folder count as well, and those of classes called by a letter ("trainA", "testA"; see
/// class_split()). Without them a tenth of the pictures is the test split (see
/// take_test_split()), and a folder that is called "train" is a class like those beside it. What is
/// alone in a folder may be a folder down, as archives unpack.
///
/// With `needs_labels`, a test split without the training pictures' classes is not used either.
/// Throws Error naming the folder when there is none, it cannot be listed, it holds fewer than 2
/// pictures, or some but not all folders in it hold splits.
PictureFolder read_picture_folder(const std::filesystem::path& folder, bool needs_labels = false);

}  // namespace pumice::data
