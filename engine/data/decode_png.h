#pragma once

#include <span>

#include "engine/data/pixels.h"

namespace pumice::data {

/// Decodes a PNG of any kind: palettes are expanded, a transparent colour becomes alpha, 16 bits
/// are rounded to 8. Ignores colour profiles, gamma, and damage to chunks that do not affect
/// pixels. Throws Error with the reason, without the file's name.
Pixels decode_png(std::span<const uint8_t> file);

}  // namespace pumice::data
