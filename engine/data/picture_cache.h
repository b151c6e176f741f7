#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "engine/data/image_set.h"

namespace pumice::data {

struct KeptPictures {
  ImageSet images;                  ///< pixels and their extents alone
  std::vector<uint8_t> is_missing;  ///< for each file, 1 where its picture could not be decoded
};

/// Keeps the pixels of pictures that took long to decode. `key` says all that they depend on; what
/// was kept under another key counts as missing. Why pictures could not be decoded is not kept: the
/// reason may have gone.
void keep_pictures(const std::filesystem::path& file, const std::string& key,
                   const ImageSet& images, std::span<const uint8_t> is_missing);

/// What keep_pictures() wrote there for that key; nothing where the file is missing or damaged.
std::optional<KeptPictures> kept_pictures(const std::filesystem::path& file,
                                          const std::string& key);

}  // namespace pumice::data
