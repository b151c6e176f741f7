#pragma once

#include <imgui.h>

namespace pumice::web {

/// Sets the colours of Dear ImGui, and those below, which it does not define.
void set_theme(bool is_light);

/// For text that needs attention.
ImVec4 warning_color();
/// For the curves of training and test.
ImU32 curve_color(int curve);

}  // namespace pumice::web
