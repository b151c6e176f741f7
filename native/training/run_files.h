#pragma once

#include <filesystem>
#include <vector>

namespace pumice {

/// What lies in a run's folder, by who wrote it.
struct RunFiles {
  std::vector<std::filesystem::path> own;      ///< files that runs write, or Pumice's commands
  std::vector<std::filesystem::path> folders;  ///< of a run, such as "samples"
  /// Named as a run's, but with content that Pumice did not write.
  std::vector<std::filesystem::path> replaced;
  std::vector<std::filesystem::path> foreign;  ///< all else, links among them; folders unopened
};

/// Sorts the content of a folder. Files of a run are known by their names (those of pictures by
/// epoch and curves completely, so that a photo in "samples" is foreign) and by their content,
/// others by the mark that Pumice leaves in them. In a folder of an earlier version, which left no
/// marks, names suffice. A recipe that was edited counts as replaced. Empty where there is no
/// folder. Throws Error when a folder cannot be listed.
RunFiles files_of_run(const std::filesystem::path& folder);

/// Whether the text is as a run writes it: without comments, all keys in their order.
bool is_written_recipe(const std::string& text);

}  // namespace pumice
