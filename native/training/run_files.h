#pragma once

#include <filesystem>
#include <vector>

namespace pumice {

/// The contents of a run's folder, by origin.
struct RunFiles {
  std::vector<std::filesystem::path> own;      ///< files written by runs or by Pumice's commands
  std::vector<std::filesystem::path> folders;  ///< of a run, such as "samples"
  /// Files with the name of a run's file whose content Pumice did not write.
  std::vector<std::filesystem::path> replaced;
  /// Everything else, including links; folders are not searched.
  std::vector<std::filesystem::path> foreign;
};

/// Classifies the contents of a folder. Files of a run are recognised by their names (complete
/// names for images by epoch and curves, so that a photo in "samples" is foreign) and content,
/// others by Pumice's mark. In a folder of an earlier version, which wrote no marks, names suffice.
/// An edited recipe counts as replaced. Empty if there is no folder. Throws Error when a folder
/// cannot be listed.
RunFiles files_of_run(const std::filesystem::path& folder);

/// Whether a file of a run, named relative to its folder, is one that was being written when the
/// process was killed.
bool is_temporary(const std::filesystem::path& relative);

/// Whether the text is as a run writes it: no comments, all keys in order; or blank, as a killed
/// process or a power failure leaves it.
bool is_written_recipe(const std::string& text);

}  // namespace pumice
