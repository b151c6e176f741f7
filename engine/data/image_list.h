#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "engine/data/image_set.h"
#include "engine/data/image_tree.h"

namespace pumice::data {

inline constexpr size_t kMostClasses = size_t{std::numeric_limits<Label>::max()} + 1;

struct ImageFile {
  std::filesystem::path path;
  std::string name;  ///< path relative to the folder, with '/'
  Label label = 0;
};

/// The images of one split of a folder, in an order that depends only on their names.
struct ImageList {
  std::vector<ImageFile> files = {};
  /// By label, in natural order; empty if the images have no classes.
  std::vector<std::string> class_names = {};
  std::string unlabelled = {};  ///< why the folders are not classes; empty otherwise
};

/// The images in one folder per class, or those in `tree` itself, without classes, whichever are
/// more. The rest is added to `passed_over`. A single folder named "images" is not a class.
ImageList list_classes(const ImageTree& tree, std::vector<std::string>& passed_over);

/// Adds the images next to folders of images to `passed_over`.
void note_strays(const ImageTree& tree, std::vector<std::string>& passed_over);

/// Maps the labels of `tests` to the classes of `train`; if `tests` has other classes, or none, it
/// loses all labels.
void match_classes(ImageList& tests, const ImageList& train, const std::string& folder);

/// Moves a tenth of the images, selected by a hash of their names, out of `list`, so that adding
/// images moves few others. Each part gets at least one image. `list` has 2 or more.
ImageList take_test_split(ImageList& list);

/// Identifies the images by their files' names and sizes.
uint64_t digest_of(const ImageList& list);

/// Adds the images in `tree` and its subfolders; names are relative to `root`.
void add_files(const ImageTree& tree, const std::filesystem::path& root, Label label,
               ImageList& list);

}  // namespace pumice::data
