#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "engine/data/folder_layout.h"

namespace pumice::commands {

/// A data set on this machine.
struct DataRow {
  std::string name;
  std::filesystem::path folder;
  uint32_t train = 0;  ///< images
  uint32_t test = 0;
  uint32_t height = 0, width = 0, channels = 0;  ///< 0 if images differ
  std::vector<std::string> class_names;
  std::string unlabelled = {};  ///< why there are no classes; empty otherwise
  std::string problem = {};     ///< why it cannot be used; empty when it can
};

/// A folder of images, as training will see it.
struct FolderFacts {
  std::filesystem::path folder;
  data::FolderLayout layout;
  std::vector<std::string> unreadable;  ///< files that do not begin like an image; not counted
  /// What models that need labels do when the test split has no classes.
  std::string with_labels = {};
};

/// A summary in a few lines: splits, classes with their counts, and what is skipped and why.
std::string folder_text(const FolderFacts& facts);
/// The same for a folder with the files of a named data set.
std::string known_data_text(const DataRow& row, std::string_view title);
/// The number of images in each class; empty without classes.
std::vector<uint32_t> class_counts(const data::ImageList& list);

/// One line for each data set below a header; problems follow.
std::string data_table(std::span<const DataRow> rows);

}  // namespace pumice::commands
