#pragma once

#include <span>

#include "engine/data/pixels.h"

namespace pumice::data {

/// Decodes a JPEG to grey or colour; CMYK is converted to colour. Ignores colour profiles and data
/// after the end of the image, such as padding or the videos of motion photos. Throws Error with
/// the reason, without the file's name, if pixels are missing or damaged.
Pixels decode_jpeg(std::span<const uint8_t> file);

}  // namespace pumice::data
