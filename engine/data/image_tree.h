#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pumice::data {

/// A folder with the images in it and in its subfolders.
struct ImageTree {
  std::filesystem::path path;
  std::string name = {};
  std::vector<std::filesystem::path> images = {};  ///< directly in it, in byte order
  std::vector<ImageTree> folders = {};             ///< those with images, in natural order
  uint64_t count = 0;                              ///< including subfolders

  uint64_t count_in_folders() const { return count - images.size(); }
};

/// Files that are not images.
struct OtherFiles {
  uint64_t count = 0;
  std::vector<std::string> names = {};  ///< the first few, relative to the folder
};

/// Finds the images: files named .png, .jpg or .jpeg, and any other file that begins like a PNG
/// or JPEG. The rest is counted in `others`. Skips hidden files and folders, and those that systems
/// and programs leave behind (Thumbs.db, desktop.ini, __MACOSX, @eaDir). Follows links to folders
/// as deep as classes in splits, but no deeper, where they could be circular. Throws Error naming a
/// folder that cannot be listed.
ImageTree read_image_tree(const std::filesystem::path& folder, OtherFiles& others);

/// Whether the file can be read and its first bytes are those of a PNG or JPEG.
bool begins_like_image(const std::filesystem::path& file);

}  // namespace pumice::data
