#pragma once

#include <imgui.h>

#include <cstdint>
#include <string_view>

namespace pumice::web {

/// The sizes of text.
enum class TextStyle : uint8_t { kBody, kSmall, kHeading, kTitle };

/// Builds Dear ImGui's fonts from the browser's own glyphs, for a screen with `scale` device pixels
/// per CSS pixel. Must be called before the atlas becomes a texture.
void build_font(double scale);
ImFont* font(TextStyle style);

/// Adds the letters of `text` beyond those of Western Europe to the next build of the font.
void want_letters(std::string_view text);
/// True if the font lacks requested letters.
bool font_lacks_letters();

}  // namespace pumice::web
