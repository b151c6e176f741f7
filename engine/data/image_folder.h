#pragma once

#include <filesystem>
#include <functional>

#include "engine/data/color.h"
#include "engine/data/image_set.h"

namespace pumice::data {

struct ImageFolderOptions {
  std::filesystem::path folder;
  uint32_t size = 64;                ///< height and width that pictures are scaled to
  uint32_t channels = 3;             ///< 1: grey, 3: colour
  Rgb background{};                  ///< what transparent pixels lie on
  bool strict = false;               ///< refuse broken pictures and what is passed over
  bool needs_labels = false;         ///< see read_picture_folder()
  std::filesystem::path cache = {};  ///< folder that keeps decoded pictures; empty: none does
  /// Hears how many pictures will be decoded, before that takes its time.
  std::function<void(uint32_t pictures)> on_decode = nullptr;
};

/// Reads one split of a folder of pictures: see read_picture_folder() for what lies where, and
/// decode_picture() for how pictures are cut and scaled. Decodes on several threads, in an order
/// that depends on names alone; what was decoded is kept until a file's size or time changes, and
/// what could not be is tried again.
/// Broken pictures are named in `skipped`. Throws Error naming folder or file.
ImageSet load_image_folder(const ImageFolderOptions& options, Split split);

}  // namespace pumice::data
