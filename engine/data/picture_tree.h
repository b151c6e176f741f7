#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pumice::data {

/// A folder with the pictures in it and in its subfolders.
struct PictureTree {
  std::filesystem::path path;
  std::string name = {};
  std::vector<std::filesystem::path> pictures = {};  ///< directly in it, in byte order
  std::vector<PictureTree> folders = {};             ///< those with pictures, in natural order
  uint64_t count = 0;                                ///< including subfolders

  uint64_t count_in_folders() const { return count - pictures.size(); }
};

/// Files that are not pictures.
struct OtherFiles {
  uint64_t count = 0;
  std::vector<std::string> names = {};  ///< the first few, relative to the folder
};

/// Finds the pictures: files named .png, .jpg or .jpeg, and any other file that begins like a PNG
/// or JPEG. The rest is counted in `others`. Skips hidden files and folders, and those that systems
/// and programs leave behind (Thumbs.db, desktop.ini, __MACOSX, @eaDir). Follows links to folders
/// as deep as classes in splits, but no deeper, where they could be circular. Throws Error naming a
/// folder that cannot be listed.
PictureTree read_picture_tree(const std::filesystem::path& folder, OtherFiles& others);

/// Whether the file can be read and its first bytes are those of a PNG or JPEG.
bool begins_like_picture(const std::filesystem::path& file);

}  // namespace pumice::data
