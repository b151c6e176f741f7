#pragma once

namespace pumice::web {

/// Makes Dear ImGui's font: the browser's own letters, drawn for a screen with `scale` device
/// pixels in a CSS pixel. To be called before the atlas becomes a texture.
void build_font(double scale);

}  // namespace pumice::web
