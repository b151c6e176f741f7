#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/data/image_set.h"

namespace pumice::data {

enum class Split : uint8_t { kTrain, kTest };

/// Reads one split of MNIST, or of a data set with the same files (Fashion-MNIST), from `folder`:
/// `train-images-idx3-ubyte` or `train-images.idx3-ubyte`, plain or with `.gz`, and the labels
/// beside them; `t10k-...` for the test split. Throws Error when a file is missing or damaged.
ImageSet load_mnist(const std::filesystem::path& folder, Split split);

}  // namespace pumice::data
