#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pumice::data {

/// A folder with the pictures in it and below.
struct PictureTree {
  std::filesystem::path path;
  std::string name = {};
  std::vector<std::filesystem::path> pictures =
      {};                                 ///< directly in it, in the order of their bytes
  std::vector<PictureTree> folders = {};  ///< that hold pictures; numbers in them count as numbers
  uint64_t count = 0;                     ///< pictures in it and below

  uint64_t count_in_folders() const { return count - pictures.size(); }
};

/// Files that are no pictures.
struct OtherFiles {
  uint64_t count = 0;
  std::vector<std::string> names = {};  ///< of the first ones, below the folder
};

/// Finds the pictures: files called .png, .jpg or .jpeg, and all others that begin like a PNG or
/// JPEG. The rest is counted in `others`. Hidden files and folders, and those that systems and
/// programs leave behind (Thumbs.db, desktop.ini, __MACOSX, @eaDir), are as good as not there.
/// Links to folders are followed down to classes in splits, not below, where they could go round
/// in circles. Throws Error naming the folder that cannot be listed.
PictureTree read_picture_tree(const std::filesystem::path& folder, OtherFiles& others);

/// Whether the file can be read and its first bytes are those of a PNG or JPEG.
bool begins_like_picture(const std::filesystem::path& file);

}  // namespace pumice::data
