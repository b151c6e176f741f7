#pragma once

#include <filesystem>

#include "engine/data/image_set.h"

namespace pumice::data {

/// Reads one split of MNIST from `folder`: the files that find_idx_file() finds there or in its
/// subfolder `MNIST/raw`, where torchvision puts them. Variants of MNIST have other labels: if one
/// is above 9, classes are named by number, and `notes` says so. Throws Error naming the file that
/// is missing, is damaged, or has images of a size other than 28x28.
ImageSet load_mnist(const std::filesystem::path& folder, Split split);

/// The same for Fashion-MNIST (Xiao, Rasul, Vollgraf: https://arxiv.org/abs/1708.07747), whose
/// files have the same names and shapes.
ImageSet load_fashion_mnist(const std::filesystem::path& folder, Split split);

/// Whether the training images exist.
bool holds_mnist(const std::filesystem::path& folder);
bool holds_fashion_mnist(const std::filesystem::path& folder);

}  // namespace pumice::data
