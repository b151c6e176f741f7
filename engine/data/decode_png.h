#pragma once

#include <span>

#include "engine/data/pixels.h"

namespace pumice::data {

/// Decodes a PNG of any kind: palettes become colours, a transparent colour becomes alpha, 16 bits
/// are rounded to 8. Colour profiles and gamma are ignored. Damage to chunks that no pixel depends
/// on is ignored, too. Throws Error with the reason, without the file's name.
Pixels decode_png(std::span<const uint8_t> file);

}  // namespace pumice::data
