#pragma once

#include <span>
#include <string>

#include "web/state/workspace.h"

namespace pumice::web {

/// A video is an MP4 or, if the browser cannot encode it, a WebM; recording it takes as long as it
/// plays.
enum class Saved { kGif, kVideo };

/// Offers a path as a download. `images`: its frames [N, height·width·channels]; `name`: the
/// file's, without extension.
void save_animation(std::span<const float> images, const Shape& image, const Path& path, Saved kind,
                    const std::string& name);

}  // namespace pumice::web
