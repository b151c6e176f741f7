#pragma once

#include <string_view>

namespace pumice::web {

/// Makes Dear ImGui's font: the browser's own letters, drawn for a screen with `scale` device
/// pixels in a CSS pixel. To be called before the atlas becomes a texture.
void build_font(double scale);

/// Letters beyond those of Western Europe get into the font when it is built next.
void want_letters(std::string_view text);
/// True when some are wanted that it does not have.
bool font_lacks_letters();

}  // namespace pumice::web
