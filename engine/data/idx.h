#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/base/shape.h"
#include "engine/data/image_set.h"

namespace pumice::data {

/// The contents of an IDX file of bytes (the format of http://yann.lecun.com/exdb/mnist/).
struct IdxArray {
  Shape shape;
  std::vector<uint8_t> values;
};

/// Reads an IDX file of unsigned bytes with `rank` axes, plain or gzipped. Throws Error, naming the
/// file, if it cannot be read, is not IDX, is empty, or does not have the length given by its
/// header.
IdxArray read_idx(const std::filesystem::path& path, uint32_t rank);

/// Reads grey images [N, height, width], without labels. Throws Error as read_idx does.
ImageSet read_idx_images(const std::filesystem::path& images);

/// Reads grey images and their labels: integers [N], or rows [N, n] that begin with the label (as
/// in QMNIST). If they are not integers, or one does not fit a Label, omits the labels and gives
/// the reason in `unlabelled`. Throws Error as read_idx does, and if the two files differ in N.
ImageSet read_idx_images(const std::filesystem::path& images, const std::filesystem::path& labels);

}  // namespace pumice::data
