#pragma once

#include <span>

#include "engine/data/pixels.h"

namespace pumice::data {

/// Decodes a JPEG to grey or colour; CMYK becomes colour. What lies behind its end is ignored: the
/// videos of motion photos, padding. Colour profiles are ignored. Throws Error with the reason,
/// without the file's name, when pixels are missing or damaged.
Pixels decode_jpeg(std::span<const uint8_t> file);

}  // namespace pumice::data
