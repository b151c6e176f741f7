#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "engine/data/image_set.h"

namespace pumice::data {

/// The file in `folder` with the "images" or "labels" of a split, called as MNIST's are:
/// "train-images-idx3-ubyte" and "t10k-…" or "test-…", with a dot for the last dash, with .gz, and
/// in a folder of its own name (as Kaggle's archive unpacks). Names of relatives that begin with
/// their own count as well ("emnist-letters-train-images-idx3-ubyte", "qmnist-train-labels-idx2-
/// int"). Throws Error where there are several such relatives in the folder.
std::optional<std::filesystem::path> find_idx_file(const std::filesystem::path& folder, Split split,
                                                   std::string_view content);

}  // namespace pumice::data
