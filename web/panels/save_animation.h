#pragma once

#include <span>
#include <string>

#include "web/state/workspace.h"

namespace pumice::web {

/// Offers a GIF of a path as a download. `images`: its frames [N, height·width·channels].
void save_animation(std::span<const float> images, const Shape& image, const Path& path,
                    const std::string& name);

}  // namespace pumice::web
