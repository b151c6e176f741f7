#pragma once

#include <cstdint>
#include <span>

namespace pumice::data {

/// Decodes a PNG or JPEG, takes the largest square from its middle, and scales that to `size` x
/// `size` pixels: smaller by the mean over the area of each pixel, larger by linear interpolation.
/// `channels` 1 makes grey of it, 3 colour; transparency is dropped. Safe to call on several
/// threads. Throws Error with the reason, without the file's name, when the picture is broken.
/// @param result [size, size, channels]
void decode_picture(std::span<const uint8_t> file, uint32_t size, uint32_t channels,
                    std::span<uint8_t> result);

}  // namespace pumice::data
