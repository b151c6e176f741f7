#pragma once

#include <array>
#include <cstdint>

namespace pumice::io {

/// The colours of classes, 0xRRGGBB, for the page, the report and images of points; later classes
/// repeat them. Chosen by search: they differ most from each other in Oklab, also as deuteranopes
/// and protanopes see them (Machado et al., 2009), at a contrast of 2.6 or more to the ground.
inline constexpr std::array<uint32_t, 10> kClassColorsOnDark = {
    0x3388ff, 0xff9911, 0x22aa99, 0xbb1166, 0xeeee33,
    0x5555bb, 0x00ddaa, 0xdd5522, 0x77ffff, 0x55bbff};
inline constexpr std::array<uint32_t, 10> kClassColorsOnLight = {
    0x4466ee, 0x996600, 0x0088aa, 0x552244, 0x88aa22,
    0x221199, 0x66aa99, 0x664400, 0x11aaee, 0x445588};

}  // namespace pumice::io
