#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "engine/data/image_set.h"

namespace pumice::data {

struct KeptPictures {
  ImageSet images;                  ///< pixels and extents only
  std::vector<uint8_t> is_missing;  ///< per file: 1 if its picture could not be decoded
};

/// Stores the pixels of decoded pictures. `key` identifies everything they depend on; entries with
/// another key are ignored. The reasons why pictures could not be decoded are not stored, since
/// they may no longer apply.
void keep_pictures(const std::filesystem::path& file, const std::string& key,
                   const ImageSet& images, std::span<const uint8_t> is_missing);

/// What keep_pictures() stored there for that key; nullopt if the file is missing or damaged.
std::optional<KeptPictures> kept_pictures(const std::filesystem::path& file,
                                          const std::string& key);

}  // namespace pumice::data
