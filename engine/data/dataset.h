#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/image_folder.h"

namespace pumice::data {

/// A data set that recipes refer to by name: a row of the table in dataset.cpp, which drives
/// recipes, error messages, `pumice data` and the sizes of networks.
struct Dataset {
  std::string_view name;          ///< "mnist"
  std::string_view title;         ///< "MNIST"
  std::string_view files;         ///< the files expected in its folder
  std::string_view origin;        ///< where to get it; empty for the user's own images
  std::array<uint32_t, 3> shape;  ///< height, width, channels; zeros: chosen by the recipe
  uint32_t classes;               ///< 0: known only after reading its files
  ImageSet (*load)(const ImageFolderOptions& options, Split split);
  bool (*is_in)(const std::filesystem::path& folder);  ///< recognizes its files by name
  bool fetch;                    ///< whether scripts/setup --data (`pumice data fetch`) can get it
  std::string_view path_hint{};  ///< lower case; if a path contains it, prefer this set to
                                 ///< others with the same file names

  /// Whether its images have a fixed size, which a recipe cannot choose.
  bool has_shape() const { return shape[0] > 0; }
};

/// All data sets, in the order of lists in messages.
std::span<const Dataset> datasets();

/// Names for lists of choices: of all data sets, and of those that can be fetched.
std::vector<std::string_view> dataset_names();
std::vector<std::string_view> fetchable_datasets();

/// Null for an unknown name.
const Dataset* dataset_by_name(std::string_view name);

/// Throws Error listing the known names.
const Dataset& find_dataset(std::string_view name);

/// The data set, other than "folder", whose files are in `folder`; null if there is none. Among
/// several with the same file names, the one whose hint is in the path, otherwise the first.
const Dataset* recognized(const std::filesystem::path& folder);

/// The other data sets with the same file names, which only the path can distinguish.
std::vector<std::string_view> lookalikes(const Dataset& dataset);

/// Reads one split of a data set; options other than the folder matter only to "folder". Throws
/// Error with one line that names the file and what was expected of it.
ImageSet load(std::string_view name, const ImageFolderOptions& options, Split split);

}  // namespace pumice::data
