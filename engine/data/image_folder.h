#pragma once

#include <filesystem>
#include <functional>

#include "engine/data/color.h"
#include "engine/data/image_set.h"

namespace pumice::data {

struct ImageFolderOptions {
  std::filesystem::path folder;
  uint32_t size = 64;                ///< height and width that images are scaled to
  uint32_t channels = 3;             ///< 1: grey, 3: colour
  Rgb background{};                  ///< background of transparent pixels
  bool strict = false;               ///< refuse broken images and ignored files
  bool needs_labels = false;         ///< see read_folder_layout()
  std::filesystem::path cache = {};  ///< folder for caching decoded images; empty: no cache
  /// Called with the number of images before they are decoded, which may take long.
  std::function<void(uint32_t count)> on_decode = nullptr;
};

/// Reads one split of a folder of images: see read_folder_layout() for its layout and
/// decode_image() for how images are cropped and scaled. Decodes on several threads, in an
/// order that depends on names alone. Decoded images are cached until a file's size or time
/// changes; broken ones are tried again every time and listed in `skipped`. Throws Error naming the
/// folder or file.
ImageSet load_image_folder(const ImageFolderOptions& options, Split split);

}  // namespace pumice::data
