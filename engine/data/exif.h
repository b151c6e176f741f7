#pragma once

#include <cstdint>
#include <span>

namespace pumice::data {

/// The orientation in EXIF data, which begins with a TIFF header: how the stored picture is to be
/// shown. 1: as it is, 2: mirrored left to right, 3: turned by 180 degrees, 4: mirrored top to
/// bottom, 5: transposed, 6: turned by 90 degrees clockwise, 7: transposed along the other
/// diagonal, 8: turned by 90 degrees counter-clockwise. 1 where the tag is missing or damaged.
/// Source: CIPA DC-008 (EXIF 2.32), 4.6.
uint32_t exif_orientation(std::span<const uint8_t> exif);

}  // namespace pumice::data
