#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "engine/data/image_set.h"

namespace pumice::data {

struct KeptImages {
  ImageSet images;                  ///< pixels and extents only
  std::vector<uint8_t> is_missing;  ///< per file: 1 if its image could not be decoded
};

/// Stores the pixels of decoded images. `key` identifies everything they depend on; entries with
/// another key are ignored. The reasons why images could not be decoded are not stored, since
/// they may no longer apply.
void keep_images(const std::filesystem::path& file, const std::string& key, const ImageSet& images,
                 std::span<const uint8_t> is_missing);

/// What keep_images() stored there for that key; nullopt if the file is missing or damaged.
std::optional<KeptImages> kept_images(const std::filesystem::path& file, const std::string& key);

}  // namespace pumice::data
