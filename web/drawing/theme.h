#pragma once

#include <imgui.h>

#include <cstdint>

namespace pumice::web {

/// Sets the colours of Dear ImGui, and those below, which it does not define.
void set_theme(bool is_light);
/// Sets sizes and spacing.
void set_style(bool for_fingers);
bool is_coarse();  ///< whether they are for fingers

/// The one colour that stands out: what is chosen, what moves, links.
ImU32 accent_color();
/// Stronger than the accent: for its hovered and pressed buttons.
ImVec4 accent_towards_ink(float share);
/// Text on it.
ImU32 on_accent_color();
/// Raised from the page's ground.
ImU32 card_color();
ImU32 line_color();
/// For text that needs attention.
ImVec4 warning_color();
/// Of classes; later ones repeat the first colours.
inline constexpr uint32_t kClassColors = 10;  ///< io::kClassColorsOnDark
ImU32 class_color(uint32_t label);
/// For the curves of training and test.
ImU32 curve_color(int curve);

}  // namespace pumice::web
