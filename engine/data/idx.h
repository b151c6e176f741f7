#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/base/shape.h"
#include "engine/data/image_set.h"

namespace pumice::data {

/// The content of an IDX file of bytes (the format of http://yann.lecun.com/exdb/mnist/).
struct IdxArray {
  Shape shape;
  std::vector<uint8_t> values;
};

/// Reads an IDX file of unsigned bytes with `rank` axes, plain or gzipped. Throws Error, naming the
/// file, when it cannot be read, is not IDX, is empty, or is shorter or longer than its header
/// says.
IdxArray read_idx(const std::filesystem::path& path, uint32_t rank);

/// Reads grey pictures [N, height, width], without labels. Throws Error as read_idx does.
ImageSet read_idx_images(const std::filesystem::path& images);

/// Reads grey pictures and their labels: whole numbers [N], or rows of them [N, n] that begin with
/// the label (as QMNIST's do). Leaves the labels out, and says why in `unlabelled`, where the
/// numbers are not whole or one is no Label. Throws Error as read_idx does and when the two files
/// differ in N.
ImageSet read_idx_images(const std::filesystem::path& images, const std::filesystem::path& labels);

}  // namespace pumice::data
