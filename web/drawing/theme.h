#pragma once

#include <imgui.h>

namespace pumice::web {

/// The colours of Dear ImGui, and those that it has no name for.
void set_theme(bool is_light);

/// What wants attention.
ImVec4 warning_color();
/// Training and test curves.
ImU32 curve_color(int curve);

}  // namespace pumice::web
