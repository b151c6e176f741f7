#pragma once

#include <cstdint>
#include <span>

#include "engine/data/color.h"

namespace pumice::data {

/// Incremented when the same file decodes to different pixels than before.
constexpr uint32_t kDecoderVersion = 2;

struct ImageForm {
  uint32_t size = 64;     ///< height and width of the result
  uint32_t channels = 3;  ///< 1: grey, 3: colour
  Rgb background{};       ///< background of transparent pixels
};

/// Decodes a PNG or JPEG, applies its EXIF orientation, composites transparent pixels onto the
/// background, crops the largest centred square and scales it: down by averaging over the area of
/// each pixel, up by linear interpolation. Works on the stored values without colour management;
/// grey is the luma of Rec. 601. The page does the same (web/page/images.js). Thread-safe. Throws
/// Error with the reason, without the file's name, if the image is broken.
/// @param result [size, size, channels]
void decode_image(std::span<const uint8_t> file, const ImageForm& form, std::span<uint8_t> result);

}  // namespace pumice::data
