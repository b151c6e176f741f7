#pragma once

#include <imgui.h>

namespace pumice::web {

/// Windows below this get the sidebar as a tab. CSS pixels.
inline constexpr float kNarrowWindow = 760;

/// Goes on in the same line where something of this width fits there, otherwise in the next.
inline void flow(float width) {
  ImGui::SameLine();
  if (ImGui::GetContentRegionAvail().x < width) ImGui::NewLine();
}

/// A button beside what was drawn last, or below it.
inline bool flow_button(const char* label) {
  flow(ImGui::CalcTextSize(label).x + 2 * ImGui::GetStyle().FramePadding.x);
  return ImGui::Button(label);
}

}  // namespace pumice::web
