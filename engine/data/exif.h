#pragma once

#include <cstdint>
#include <span>

namespace pumice::data {

/// The orientation in EXIF data, which begins with a TIFF header: how to display the stored
/// image. 1: as stored, 2: mirrored left to right, 3: rotated by 180 degrees, 4: mirrored top to
/// bottom, 5: transposed, 6: rotated by 90 degrees clockwise, 7: transposed along the other
/// diagonal, 8: rotated by 90 degrees counter-clockwise. 1 if the tag is missing or damaged.
/// Source: CIPA DC-008 (EXIF 2.32), 4.6.
uint32_t exif_orientation(std::span<const uint8_t> exif);

}  // namespace pumice::data
