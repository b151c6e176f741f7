#pragma once

#include <cstdint>
#include <span>

#include "engine/data/color.h"

namespace pumice::data {

/// Raised when the same file gives other pixels than before.
constexpr uint32_t kDecoderVersion = 2;

struct PictureForm {
  uint32_t size = 64;     ///< height and width of the result
  uint32_t channels = 3;  ///< 1: grey, 3: colour
  Rgb background{};       ///< what transparent pixels lie on
};

/// Decodes a PNG or JPEG, turns it as its EXIF data says, lays it on the background where it is
/// transparent, takes the largest square from its middle, and scales that: smaller by the mean over
/// the area of each pixel, larger by linear interpolation. All of it happens in the values that the
/// file has, without regard to colour profiles; grey is the luma of Rec. 601. The page does the
/// same (web/page/pictures.js). Safe to call on several threads. Throws Error with the reason,
/// without the file's name, when the picture is broken.
/// @param result [size, size, channels]
void decode_picture(std::span<const uint8_t> file, const PictureForm& form,
                    std::span<uint8_t> result);

}  // namespace pumice::data
