#include "engine/data/image_list.h"

#include <algorithm>
#include <limits>

#include "engine/base/count_of.h"
#include "engine/base/hash.h"
#include "engine/base/require.h"
#include "engine/data/split_name.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

ImageList list_flat(const ImageTree& tree, std::vector<std::string>& passed_over) {
  ImageList list;
  for (const fs::path& path : tree.images) list.files.push_back({path, path.filename().string()});
  if (!tree.folders.empty()) {
    passed_over.push_back(fmt::format("{} in {} (such as {}): most images of {} are not in folders",
                                      count_of(tree.count_in_folders(), "image"),
                                      count_of(tree.folders.size(), "folder"), tree.folders[0].name,
                                      tree.name));
  }
  return list;
}

bool names_no_class(const ImageTree& tree) {
  return tree.folders.size() == 1 &&
         (tree.folders[0].name == "images" || split_name(tree.folders[0].name) != SplitName::kNone);
}

uint64_t place_of(const ImageFile& file) { return mixed(hash(file.name)); }

}  // namespace

void add_files(const ImageTree& tree, const fs::path& root, Label label, ImageList& list) {
  for (const fs::path& path : tree.images) {
    list.files.push_back({path, path.lexically_relative(root).generic_string(), label});
  }
  for (const ImageTree& folder : tree.folders) add_files(folder, root, label, list);
}

void note_strays(const ImageTree& tree, std::vector<std::string>& passed_over) {
  if (tree.images.empty()) return;
  passed_over.push_back(
      fmt::format("{} next to the folders of images: {}{}", count_of(tree.images.size(), "image"),
                  tree.images[0].filename().string(), tree.images.size() > 1 ? ", …" : ""));
}

ImageList list_classes(const ImageTree& tree, std::vector<std::string>& passed_over) {
  if (tree.images.size() > tree.count_in_folders()) return list_flat(tree, passed_over);
  ImageList list;
  const bool has_classes = tree.folders.size() <= kMostClasses && !names_no_class(tree);
  for (const ImageTree& folder : tree.folders) {
    const Label label = has_classes ? static_cast<Label>(list.class_names.size()) : Label{0};
    add_files(folder, tree.path, label, list);
    if (has_classes) list.class_names.push_back(folder.name);
  }
  if (tree.folders.size() > kMostClasses) {
    list.unlabelled = fmt::format("{}: {} folders exceed the limit of {} classes",
                                  tree.path.string(), tree.folders.size(), kMostClasses);
  }
  note_strays(tree, passed_over);
  return list;
}

void match_classes(ImageList& tests, const ImageList& train, const std::string& folder) {
  std::vector<Label> labels;
  for (const std::string& name : tests.class_names) {
    auto at = std::find(train.class_names.begin(), train.class_names.end(), name);
    if (at == train.class_names.end()) {
      tests.unlabelled =
          fmt::format("{}/{}: expected a class of the training images", folder, name);
      break;
    }
    labels.push_back(static_cast<Label>(at - train.class_names.begin()));
  }
  if (tests.class_names.empty()) {
    tests.unlabelled =
        fmt::format("{}: expected one folder per class, as for the training images", folder);
  }
  const bool is_labelled = tests.unlabelled.empty();
  for (ImageFile& file : tests.files) file.label = is_labelled ? labels[file.label] : Label{0};
  tests.class_names = is_labelled ? train.class_names : std::vector<std::string>{};
}

// The image with the smallest hash always becomes a test image, the one with the largest never.
ImageList take_test_split(ImageList& list) {
  constexpr uint64_t kTenth = std::numeric_limits<uint64_t>::max() / 10;
  const auto [first, last] =
      std::minmax_element(list.files.begin(), list.files.end(),
                          [](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
  const uint64_t least = place_of(*first), most = place_of(*last);
  ImageList tests{.class_names = list.class_names, .unlabelled = list.unlabelled};
  std::vector<ImageFile> rest;
  for (ImageFile& file : list.files) {
    const uint64_t place = place_of(file);
    const bool is_test = place == least || (place < kTenth && place != most);
    (is_test ? tests.files : rest).push_back(std::move(file));
  }
  list.files = std::move(rest);
  return tests;
}

uint64_t digest_of(const ImageList& list) {
  uint64_t value = list.files.size();
  for (const ImageFile& file : list.files) {
    std::error_code ignored;
    value =
        extended(extended(value, hash(file.name)), std::filesystem::file_size(file.path, ignored));
  }
  return value;
}

}  // namespace pumice::data
