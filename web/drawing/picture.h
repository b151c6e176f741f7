#pragma once

#include <cstdint>

namespace pumice::web {

/// Drawings that explain a notion; the words beside them say the same.
enum class Picture : uint8_t { kNone, kLatent, kTruncation, kMoments, kPaths, kComponents };

/// Draws it as wide as the window's room.
void draw_picture(Picture picture);

}  // namespace pumice::web
