#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "engine/data/image_set.h"
#include "engine/data/picture_tree.h"

namespace pumice::data {

inline constexpr size_t kMostClasses = size_t{std::numeric_limits<Label>::max()} + 1;

struct PictureFile {
  std::filesystem::path path;
  std::string name;  ///< path relative to the folder, with '/'
  Label label = 0;
};

/// The pictures of one split of a folder, in an order that depends only on their names.
struct PictureList {
  std::vector<PictureFile> files = {};
  /// By label, in natural order; empty if the pictures have no classes.
  std::vector<std::string> class_names = {};
  std::string unlabelled = {};  ///< why the folders are not classes; empty otherwise
};

/// The pictures in one folder per class, or those in `tree` itself, without classes, whichever are
/// more. The rest is added to `passed_over`. A single folder named "images" is not a class.
PictureList list_classes(const PictureTree& tree, std::vector<std::string>& passed_over);

/// Adds the pictures next to folders of pictures to `passed_over`.
void note_strays(const PictureTree& tree, std::vector<std::string>& passed_over);

/// Maps the labels of `tests` to the classes of `train`; if `tests` has other classes, or none, it
/// loses all labels.
void match_classes(PictureList& tests, const PictureList& train, const std::string& folder);

/// Moves a tenth of the pictures, selected by a hash of their names, out of `list`, so that adding
/// pictures moves few others. Each part gets at least one picture. `list` has 2 or more.
PictureList take_test_split(PictureList& list);

/// Adds the pictures in `tree` and its subfolders; names are relative to `root`.
void add_files(const PictureTree& tree, const std::filesystem::path& root, Label label,
               PictureList& list);

}  // namespace pumice::data
