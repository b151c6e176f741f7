#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "engine/data/image_set.h"

namespace pumice::data {

/// Keeps pictures that took long to decode. `key` says all that they depend on; what was kept under
/// another key counts as missing. Class names are not kept.
void keep_pictures(const std::filesystem::path& file, const std::string& key,
                   const ImageSet& images);

/// What keep_pictures() wrote there for that key; nothing where the file is missing or damaged.
std::optional<ImageSet> kept_pictures(const std::filesystem::path& file, const std::string& key);

}  // namespace pumice::data
