#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "engine/data/image_set.h"

namespace pumice::data {

/// The file in `folder` with the "images" or "labels" of a split, named as in MNIST:
/// "train-images-idx3-ubyte" and "t10k-…" or "test-…", optionally with a dot for the last dash,
/// with .gz, or in a folder of the same name (as Kaggle's archive unpacks). Variants of MNIST may
/// prefix their name ("emnist-letters-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int").
/// Throws Error if the folder holds several variants.
std::optional<std::filesystem::path> find_idx_file(const std::filesystem::path& folder, Split split,
                                                   std::string_view content);

}  // namespace pumice::data
