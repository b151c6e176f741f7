#pragma once

#include <filesystem>
#include <string>

#include "engine/data/image_set.h"

namespace pumice::data {

/// Reads one split of CIFAR-10 from its binary version
/// (https://www.cs.toronto.edu/~kriz/cifar.html): `data_batch_1.bin` … `data_batch_5.bin` or
/// `test_batch.bin` in `folder` or in its subfolder `cifar-10-batches-bin`, which the archive
/// unpacks to. A record is a label and 32x32 pixels: all red values, then all green, then all blue.
/// Throws Error naming the file that is missing (and any other version of CIFAR found there), is
/// not a whole number of records, or has a label above 9.
ImageSet load_cifar10(const std::filesystem::path& folder, Split split);

/// Whether the first of its files exists.
bool holds_cifar10(const std::filesystem::path& folder);

/// Names another version of CIFAR found in the folder and what to do about it; empty if there is
/// none.
std::string other_cifar(const std::filesystem::path& folder);

}  // namespace pumice::data
