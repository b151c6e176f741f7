#pragma once

#include <filesystem>

#include "engine/data/image_set.h"

namespace pumice::data {

/// Reads one split of MNIST from `folder`: `train-images-idx3-ubyte` or `train-images.idx3-ubyte`,
/// plain or with `.gz`, and the labels beside them; `t10k-...` for the test split. Throws Error
/// naming the file that is missing, is damaged, has pictures of another size than 28x28, or has a
/// label beyond 9.
ImageSet load_mnist(const std::filesystem::path& folder, Split split);

/// The same of Fashion-MNIST (Xiao, Rasul, Vollgraf: https://arxiv.org/abs/1708.07747), whose files
/// have the same names and shapes.
ImageSet load_fashion_mnist(const std::filesystem::path& folder, Split split);

}  // namespace pumice::data
