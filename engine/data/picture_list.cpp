#include "engine/data/picture_list.h"

#include <algorithm>
#include <cctype>
#include <system_error>

#include "engine/base/require.h"
#include "engine/data/hash.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

bool is_picture(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return !is_hidden(path) && (extension == ".png" || extension == ".jpg" || extension == ".jpeg");
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      entries.push_back(entry.path());
    }
  } catch (const fs::filesystem_error& error) {
    fail("{}: cannot list the folder: {}", folder.string(), error.code().message());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

// Links to folders are followed for classes, not below them, where they could go round in circles.
void add_class(const fs::path& folder, const fs::path& root, uint8_t label, PictureList& list) {
  for (const fs::path& path : sorted_entries(folder)) {
    if (is_hidden(path)) continue;
    if (is_folder(path)) {
      if (!fs::is_symlink(path)) add_class(path, root, label, list);
    } else if (is_picture(path)) {
      list.files.push_back({path, path.lexically_relative(root).generic_string(), label});
    }
  }
}

PictureList list_classes(const fs::path& root) {
  PictureList list, loose;
  for (const fs::path& path : sorted_entries(root)) {
    if (!is_folder(path) && is_picture(path)) {
      loose.files.push_back({path, path.filename().string(), 0});
    }
    if (!is_folder(path) || is_hidden(path)) continue;
    const size_t before = list.files.size();
    add_class(path, root, static_cast<uint8_t>(list.class_names.size()), list);
    if (list.files.size() == before) continue;
    list.class_names.push_back(path.filename().string());
    require(list.class_names.size() <= 256, "{}: expected at most 256 sub-folders, one per class",
            root.string());
  }
  if (list.files.empty()) return loose;
  require(loose.files.empty(), "{}: expected one sub-folder per class, found {} outside of them",
          root.string(), loose.files.empty() ? "" : loose.files[0].name);
  return list;
}

// Never all pictures: the one with the smallest hash is a test picture, that with the largest not.
void keep_split(PictureList& list, Split split) {
  auto [least, most] =
      std::minmax_element(list.files.begin(), list.files.end(),
                          [](const auto& a, const auto& b) { return hash(a.name) < hash(b.name); });
  const uint64_t first = hash(least->name), last = hash(most->name);
  std::erase_if(list.files, [&](const PictureFile& file) {
    const uint64_t value = hash(file.name);
    const bool is_test = value == first || (value % 10 == 0 && value != last);
    return is_test != (split == Split::kTest);
  });
}

// Labels count the classes of the training split.
void use_classes(PictureList& list, const PictureList& train, const fs::path& folder) {
  std::vector<uint8_t> labels;
  for (const std::string& name : list.class_names) {
    auto at = std::find(train.class_names.begin(), train.class_names.end(), name);
    require(at != train.class_names.end(), "{}: expected a class of the training pictures",
            (folder / name).string());
    labels.push_back(static_cast<uint8_t>(at - train.class_names.begin()));
  }
  require(list.class_names.empty() == train.class_names.empty(),
          "{}: expected one sub-folder per class where the training pictures have them, and only "
          "there",
          folder.string());
  for (PictureFile& file : list.files)
    file.label = labels.empty() ? uint8_t{0} : labels[file.label];
  list.class_names = train.class_names;
}

}  // namespace

PictureList list_pictures(const fs::path& folder, Split split) {
  require(is_folder(folder), "{}: expected a folder of pictures, found none", folder.string());
  const fs::path train = is_folder(folder / "train") ? folder / "train" : folder;
  const fs::path test = is_folder(folder / "val") ? folder / "val" : folder / "test";
  const bool divided = train != folder && is_folder(test);
  PictureList list = list_classes(train);
  require(list.files.size() >= (divided ? 1 : 2),
          "{}: expected PNG or JPEG pictures in it or in one sub-folder per class, found {}",
          train.string(), list.files.size());
  if (!divided) keep_split(list, split);
  if (!divided || split == Split::kTrain) return list;
  PictureList tests = list_classes(test);
  require(!tests.files.empty(), "{}: expected PNG or JPEG pictures, found none", test.string());
  use_classes(tests, list, test);
  return tests;
}

}  // namespace pumice::data
