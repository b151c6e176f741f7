#include "native/commands/data_table.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "engine/base/count_of.h"
#include "engine/base/require.h"
#include "engine/base/table.h"
#include "engine/data/dataset.h"
#include "native/system/shell.h"

namespace pumice::commands {
namespace {

std::string size_text(const DataRow& row) {
  if (row.channels == 0) return "any";
  return fmt::format("{}x{}x{}", row.height, row.width, row.channels);
}

using Texts = std::vector<std::string>;

/// The first few, and how many more there are.
std::string listed(const Texts& texts, size_t most) {
  std::string text;
  for (size_t i = 0; i < std::min(texts.size(), most); ++i) text += (i == 0 ? "" : ", ") + texts[i];
  return texts.size() > most ? text + fmt::format(" and {} more", texts.size() - most) : text;
}

// "cat 90 + 10": training and test split.
Texts classes_of(const data::FolderLayout& layout) {
  const std::vector<uint32_t> train = class_counts(layout.train);
  const std::vector<uint32_t> test = class_counts(layout.test);
  Texts texts;
  for (size_t i = 0; i < train.size(); ++i) {
    texts.push_back(fmt::format("{} {}", layout.train.class_names[i], train[i]));
    if (!test.empty()) texts.back() += fmt::format(" + {}", test[i]);
  }
  return texts;
}

/// Several data sets have files of the same names; only the path tells which one is meant.
std::string lookalikes_text(const data::Dataset& dataset) {
  const std::vector<std::string_view> names = data::lookalikes(dataset);
  if (names.empty() || !dataset.path_hint.empty()) return "";
  return fmt::format(" (or \"{}\": {} files have the same names)", fmt::join(names, "\" or \""),
                     names.size() == 1 ? "its" : "their");
}

std::string count_text(const data::FolderLayout& layout) {
  const size_t classes = layout.train.class_names.size();
  return fmt::format("{} and {}, {}", count_of(layout.train.files.size(), "training image"),
                     count_of(layout.test.files.size(), "test image"),
                     classes == 0   ? "without classes"
                     : classes == 1 ? "in 1 class"
                                    : fmt::format("in {} classes", classes));
}

}  // namespace

std::vector<uint32_t> class_counts(const data::ImageList& list) {
  std::vector<uint32_t> counts(list.class_names.size());
  if (counts.empty()) return counts;
  for (const data::ImageFile& file : list.files) ++counts[file.label];
  return counts;
}

std::string folder_text(const FolderFacts& facts) {
  constexpr size_t kClasses = 12, kFiles = 3;
  const data::FolderLayout& layout = facts.layout;
  std::string text = fmt::format("{}: {}\n  splits       {}", facts.folder.string(),
                                 count_text(layout), layout.splits);
  auto add = [&](const char* title, const std::string& line) {
    text += fmt::format("\n  {:<13}{}", title, line);
  };
  const Texts classes = classes_of(layout);
  if (!classes.empty()) {
    add("classes", fmt::format("{}{}", layout.test.class_names.empty() ? "" : "training + test: ",
                               listed(classes, kClasses)));
  }
  for (const data::ImageList* list : {&layout.train, &layout.test}) {
    if (list->unlabelled.empty()) continue;
    add("unlabelled", list->unlabelled);
  }
  if (!facts.with_labels.empty()) add("with labels", facts.with_labels);
  for (const Texts* texts : {&layout.unused_splits, &layout.passed_over}) {
    for (const std::string& line : *texts) add("passed over", line);
  }
  if (!facts.unreadable.empty()) {
    add("unreadable",
        fmt::format("{}, by the first bytes: {}", count_of(facts.unreadable.size(), "file"),
                    listed(facts.unreadable, kFiles)));
  }
  return text;
}

std::string known_data_text(const DataRow& row, std::string_view title) {
  constexpr size_t kClasses = 12;
  return fmt::format(
      "{}: the files of {}: {} and {} of {}\n  classes      {}\n  use it       as data.name = "
      "\"{}\" with --data {}{}",
      row.folder.string(), title, count_of(row.train, "training image"),
      count_of(row.test, "test image"), size_text(row),
      row.class_names.empty() ? "none: " + row.unlabelled : listed(row.class_names, kClasses),
      row.name, system::shell_word(row.folder.string()),
      lookalikes_text(data::find_dataset(row.name)));
}

std::string data_table(std::span<const DataRow> rows) {
  Table table({"data set", "train", "test", "size", "classes", "folder"});
  for (const DataRow& row : rows) {
    if (row.problem.empty()) {
      table.add({row.name, fmt::to_string(row.train), fmt::to_string(row.test), size_text(row),
                 fmt::to_string(row.class_names.size()), row.folder.string()});
    } else {
      table.add({row.name, "-", "-", "-", "-", row.folder.string()});
    }
  }
  std::string text = table.text();
  for (const DataRow& row : rows) {
    if (!row.problem.empty()) text += "\n" + row.problem;
  }
  return text;
}

}  // namespace pumice::commands
