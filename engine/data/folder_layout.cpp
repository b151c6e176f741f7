#include "engine/data/folder_layout.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include "engine/base/count_of.h"
#include "engine/base/require.h"
#include "engine/data/split_name.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

struct SplitFolders {
  const ImageTree* train = nullptr;
  const ImageTree* test = nullptr;
};

// "train" takes precedence over "Train2".
const ImageTree* find_split(const ImageTree& tree, SplitName name) {
  const ImageTree* found = nullptr;
  for (const ImageTree& folder : tree.folders) {
    if (split_name(folder.name) != name) continue;
    if (is_split_word(folder.name)) return &folder;
    if (found == nullptr) found = &folder;
  }
  return found;
}

std::optional<SplitFolders> find_splits(const ImageTree& tree) {
  SplitFolders splits{.train = find_split(tree, SplitName::kTrain),
                      .test = find_split(tree, SplitName::kValidation)};
  if (splits.test == nullptr) splits.test = find_split(tree, SplitName::kTest);
  if (splits.train == nullptr || splits.test == nullptr) return {};
  return splits;
}

/// The splits of one class.
struct SplitClass {
  std::string name;
  SplitFolders splits;
};

// The splits in "trainA", "trainB", "testA" and "testB"; empty unless a class has a training and
// another split.
std::vector<SplitClass> find_class_splits(const ImageTree& tree) {
  std::map<std::string, SplitFolders> classes;
  bool is_split = false;
  for (SplitName name : {SplitName::kTrain, SplitName::kValidation, SplitName::kTest}) {
    for (const ImageTree& folder : tree.folders) {
      const std::optional<ClassSplit> part = class_split(folder.name);
      if (!part || part->split != name) continue;
      SplitFolders& splits = classes[part->class_name];
      auto& place = name == SplitName::kTrain ? splits.train : splits.test;
      if (place == nullptr) place = &folder;
      is_split = is_split || (name != SplitName::kTrain && splits.train != nullptr);
    }
  }
  if (!is_split) return {};
  std::vector<SplitClass> result;
  for (const auto& [name, splits] : classes) {
    require(splits.train != nullptr && splits.test != nullptr,
            "{}: expected a training and a test split for each class, found no {} split of {}",
            tree.path.string(), splits.train == nullptr ? "training" : "test", name);
    result.push_back({name, splits});
  }
  return result;
}

/// The first folder below `tree`, at any depth, that holds splits; null if there is none.
const ImageTree* folder_with_splits(const ImageTree& tree) {
  for (const ImageTree& folder : tree.folders) {
    if (find_splits(folder)) return &folder;
    if (const ImageTree* inner = folder_with_splits(folder)) return inner;
  }
  return nullptr;
}

// Otherwise the test images would be used for training.
void require_no_splits_below(const ImageTree& tree) {
  const ImageTree* holder = folder_with_splits(tree);
  if (holder == nullptr) return;
  const SplitFolders splits = *find_splits(*holder);
  const auto other =
      std::find_if(tree.folders.begin(), tree.folders.end(), [](const ImageTree& folder) {
        return !find_splits(folder) && folder_with_splits(folder) == nullptr;
      });
  fail("{}: {} holds the splits {} and {}, {} does not: pass --data {}", tree.path.string(),
       holder->path.lexically_relative(tree.path).generic_string(), splits.train->name,
       splits.test->name, other == tree.folders.end() ? tree.name : other->name,
       holder->path.string());
}

bool has_most_in_folders(const ImageTree& tree) {
  return tree.images.size() <= tree.count_in_folders();
}

/// The first folder from `tree` downwards that holds several folders; `tree` if none does.
const ImageTree& unwrapped(const ImageTree& tree, Texts& passed_over) {
  const ImageTree* inner = &tree;
  Texts strays;
  while (inner->folders.size() == 1 && has_most_in_folders(*inner)) {
    note_strays(*inner, strays);
    inner = &inner->folders[0];
  }
  if (inner->folders.size() < 2 || !has_most_in_folders(*inner)) return tree;
  passed_over.insert(passed_over.end(), strays.begin(), strays.end());
  return *inner;
}

/// Builds the lists of a folder that has been read.
class Lister {
 public:
  Lister(const ImageTree& tree, bool needs_labels)
      : tree_(tree), top_(unwrapped(tree, result_.passed_over)), needs_labels_(needs_labels) {}

  FolderLayout list() {
    const auto splits = find_splits(top_);
    const bool has_splits_below =
        !splits && !top_.folders.empty() && top_.folders.size() <= kMostClasses &&
        has_most_in_folders(top_) &&
        std::all_of(top_.folders.begin(), top_.folders.end(),
                    [](const auto& tree) { return find_splits(tree).has_value(); });
    const std::vector<SplitClass> class_splits = find_class_splits(top_);
    if (splits) {
      take(*splits);
    } else if (has_splits_below) {
      take_splits_below();
    } else if (!class_splits.empty() && has_most_in_folders(top_)) {
      take_class_splits(class_splits);
    } else {
      if (has_most_in_folders(top_)) require_no_splits_below(top_);
      result_.train = list_classes(top_, result_.passed_over);
      divide(top_.path, "the images");
    }
    return std::move(result_);
  }

 private:
  void take(const SplitFolders& splits) {
    note_strays(top_, result_.passed_over);
    result_.splits = fmt::format("{} is the training split, {} the test split", splits.train->name,
                                 splits.test->name);
    result_.train =
        list_classes(unwrapped(*splits.train, result_.passed_over), result_.passed_over);
    Texts passed_over;  // reported only if the split is used
    result_.test = list_classes(unwrapped(*splits.test, passed_over), passed_over);
    note_unused(top_, splits);
    if (result_.train.class_names.empty()) {
      for (ImageFile& file : result_.test.files) file.label = 0;
      result_.test.class_names.clear();
    } else {
      match_classes(result_.test, result_.train, splits.test->path.string());
      if (needs_labels_ && has_no_class(*splits.test)) return replace_test_split(splits);
    }
    result_.passed_over.insert(result_.passed_over.end(), passed_over.begin(), passed_over.end());
  }

  // If only some of the classes match, it is probably a mistake.
  bool has_no_class(const ImageTree& tests) const {
    if (result_.test.unlabelled.empty()) return false;
    Texts ignored;
    const ImageTree& inner = unwrapped(tests, ignored);
    const Texts& names = result_.train.class_names;
    return std::none_of(inner.folders.begin(), inner.folders.end(), [&](const ImageTree& folder) {
      return std::find(names.begin(), names.end(), folder.name) != names.end();
    });
  }

  void replace_test_split(const SplitFolders& splits) {
    result_.unused_splits.push_back(
        fmt::format("{}, {}: lacks the classes of {}", splits.test->name,
                    count_of(splits.test->count, "image"), splits.train->name));
    divide(splits.train->path, fmt::format("the images in {}", splits.train->name));
  }

  void add_class(const SplitClass& added) {
    const auto label = static_cast<Label>(result_.train.class_names.size());
    add_files(*added.splits.train, top_.path, label, result_.train);
    add_files(*added.splits.test, top_.path, label, result_.test);
    for (ImageList* list : {&result_.train, &result_.test}) {
      list->class_names.push_back(added.name);
    }
  }

  void take_class_splits(const std::vector<SplitClass>& classes) {
    note_strays(top_, result_.passed_over);
    std::set<const ImageTree*> used;
    Texts train, test;
    for (const SplitClass& taken : classes) {
      add_class(taken);
      used.insert({taken.splits.train, taken.splits.test});
      train.push_back(taken.splits.train->name);
      test.push_back(taken.splits.test->name);
    }
    result_.splits = fmt::format("{}: the training split; {}: the test split",
                                 fmt::join(train, ", "), fmt::join(test, ", "));
    for (const ImageTree& folder : top_.folders) {
      if (used.contains(&folder)) continue;
      result_.passed_over.push_back(fmt::format("{}, {}: next to the splits {} and {}", folder.name,
                                                count_of(folder.count, "image"), train[0],
                                                test[0]));
    }
  }

  void take_splits_below() {
    note_strays(top_, result_.passed_over);
    for (const ImageTree& folder : top_.folders) {
      const SplitFolders splits = *find_splits(folder);
      add_class({folder.name, splits});
      note_strays(folder, result_.passed_over);
      note_unused(folder, splits);
    }
    const SplitFolders first = *find_splits(top_.folders[0]);
    result_.splits = fmt::format("{} and {} in every class are the training and the test split",
                                 first.train->name, first.test->name);
  }

  void note_unused(const ImageTree& tree, const SplitFolders& splits) {
    for (const ImageTree& folder : tree.folders) {
      if (&folder == splits.train || &folder == splits.test) continue;
      const std::string what =
          fmt::format("{}, {}", folder.path.lexically_relative(tree_.path).generic_string(),
                      count_of(folder.count, "image"));
      if (split_name(folder.name) != SplitName::kNone) {
        result_.unused_splits.push_back(fmt::format(
            "{}: {} is the {} split", what,
            split_name(folder.name) == SplitName::kTrain ? splits.train->name : splits.test->name,
            split_name(folder.name) == SplitName::kTrain ? "training" : "test"));
      } else {
        result_.passed_over.push_back(
            fmt::format("{}: neither {} nor {}", what, splits.train->name, splits.test->name));
      }
    }
  }

  void divide(const fs::path& folder, const std::string& what) {
    const size_t count = result_.train.files.size();
    require(count >= 2,
            "{}: expected at least 2 images, one for training and one for testing, found {}",
            folder.string(), count);
    result_.test = take_test_split(result_.train);
    result_.splits = fmt::format("a tenth of {}, chosen by name, is the test split", what);
  }

  const ImageTree& tree_;
  FolderLayout result_;
  const ImageTree& top_;
  bool needs_labels_;
};

std::string text(const OtherFiles& others) {
  std::string names;
  for (const std::string& name : others.names) names += (names.empty() ? "" : ", ") + name;
  if (others.count > others.names.size()) names += ", …";
  if (others.count == 1) return "1 file that is not a PNG or JPEG: " + names;
  return fmt::format("{} files that are not PNG or JPEG: {}", others.count, names);
}

}  // namespace

FolderLayout read_folder_layout(const fs::path& folder, bool needs_labels) {
  std::error_code ignored;
  require(fs::is_directory(folder, ignored), "{}: expected a folder of images, found none",
          folder.string());
  OtherFiles others;
  const ImageTree tree = read_image_tree(folder, others);
  require(tree.count > 0,
          "{}: expected PNG or JPEG images in it or in one sub-folder per class, found {}{}",
          folder.string(), 0, others.count == 0 ? "" : " and " + text(others));
  FolderLayout result = Lister(tree, needs_labels).list();
  if (others.count > 0) result.passed_over.push_back(text(others));
  return result;
}

}  // namespace pumice::data
