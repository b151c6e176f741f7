#pragma once

#include <filesystem>
#include <string>

#include "engine/data/image_set.h"

namespace pumice::data {

/// Reads one split of CIFAR-10 from its binary version
/// (https://www.cs.toronto.edu/~kriz/cifar.html): `data_batch_1.bin` … `data_batch_5.bin` or
/// `test_batch.bin` in `folder`, or in the folder `cifar-10-batches-bin` in it, which the archive
/// unpacks to. A record is a label and 32x32 pixels, first all red, then all green, then all blue.
/// Throws Error naming the file that is missing (and what lies there instead, where that is another
/// version of CIFAR), is no whole number of records, or has a label beyond 9.
ImageSet load_cifar10(const std::filesystem::path& folder, Split split);

/// Whether the first of its files is there.
bool holds_cifar10(const std::filesystem::path& folder);

/// What other version of CIFAR lies in the folder and what to do about it; empty without any.
std::string other_cifar(const std::filesystem::path& folder);

}  // namespace pumice::data
