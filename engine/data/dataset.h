#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/image_folder.h"

namespace pumice::data {

/// A data set that recipes know by name: one row of the table in dataset.cpp, from which recipes,
/// error messages, `pumice data` and the sizes of networks follow.
struct Dataset {
  std::string_view name;          ///< "mnist"
  std::string_view title;         ///< "MNIST"
  std::string_view files;         ///< what its folder has to hold
  std::string_view origin;        ///< where to get it; empty for the user's own images
  std::array<uint32_t, 3> shape;  ///< height, width, channels; zeros: as the recipe asks
  uint32_t classes;               ///< 0: not known before its files are read
  ImageSet (*load)(const ImageFolderOptions& options, Split split);
  bool (*is_in)(const std::filesystem::path& folder);  ///< recognizes its files by their names
  bool fetch;                    ///< whether scripts/setup --data (`pumice data fetch`) can get it
  std::string_view path_hint{};  ///< in lower case; a path with it means this set rather than
                                 ///< another whose files have the same names

  /// Whether its images have a size of their own, which a recipe cannot choose.
  bool has_shape() const { return shape[0] > 0; }
};

/// All of them, in the order in which messages list them.
std::span<const Dataset> datasets();

/// Their names, for lists of choices: all, and those that can be fetched.
std::vector<std::string_view> dataset_names();
std::vector<std::string_view> fetchable_datasets();

/// Null for an unknown name.
const Dataset* dataset_by_name(std::string_view name);

/// Throws Error that lists the known names.
const Dataset& find_dataset(std::string_view name);

/// The data set whose files are in `folder`, other than "folder"; null if none is. Of several with
/// the same file names, the one whose hint is in the path, otherwise the first.
const Dataset* recognized(const std::filesystem::path& folder);

/// The other data sets whose files have the same names, and which only the path tells apart.
std::vector<std::string_view> lookalikes(const Dataset& dataset);

/// Reads one split of a data set; all options but the folder matter only to "folder". Throws
/// Error with one line that names the file and what was expected of it.
ImageSet load(std::string_view name, const ImageFolderOptions& options, Split split);

}  // namespace pumice::data
