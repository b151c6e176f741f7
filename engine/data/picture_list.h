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
  std::string name;  ///< path below the folder, with '/'
  Label label = 0;
};

/// The pictures of one split of a folder, in an order that depends on their names alone.
struct PictureList {
  std::vector<PictureFile> files = {};
  /// By label, in natural order; empty where the pictures have no classes.
  std::vector<std::string> class_names = {};
  std::string unlabelled = {};  ///< why folders are no classes here; empty otherwise
};

/// The pictures in one folder per class, or all in `tree` itself without classes: wherever most of
/// them lie. `passed_over` hears of the rest. One folder that is called "images" is no class.
PictureList list_classes(const PictureTree& tree, std::vector<std::string>& passed_over);

/// Names the pictures that lie beside folders of pictures.
void note_strays(const PictureTree& tree, std::vector<std::string>& passed_over);

/// `tests` keep only labels of classes in `train`; where there is any other class, or none, all are
/// without.
void match_classes(PictureList& tests, const PictureList& train, const std::string& folder);

/// Takes a tenth of the pictures, chosen by a hash of their names, out of `list`: adding pictures
/// moves hardly any other. Each of the two gets a picture. `list` has 2 or more.
PictureList take_test_split(PictureList& list);

/// Adds the pictures in `tree` and below; their names begin below `root`.
void add_files(const PictureTree& tree, const std::filesystem::path& root, Label label,
               PictureList& list);

}  // namespace pumice::data
