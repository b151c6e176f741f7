#pragma once

#include <cstdint>
#include <span>

#include "engine/io/latent_map.h"

namespace pumice {

inline constexpr uint32_t kMapPart = 500;         ///< images held on the host at a time
inline constexpr uint32_t kMapThumbnails = 48;    ///< at most 48 kB
inline constexpr uint32_t kMostMapClasses = 256;  ///< labels are bytes

/// io::shrunk_image() of each of `images` [N, image].
std::vector<float> shrunk_images(std::span<const float> images, const Shape& image);

}  // namespace pumice
