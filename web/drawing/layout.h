#pragma once

#include <imgui.h>

namespace pumice::web {

/// In windows narrower than this, in CSS pixels, the sidebar is a tab.
inline constexpr float kNarrowWindow = 760;

/// Continues on the same line if an item of this width fits, otherwise on the next.
inline void flow(float width) {
  ImGui::SameLine();
  if (ImGui::GetContentRegionAvail().x < width) ImGui::NewLine();
}

/// A button next to the last item, or below it if it does not fit.
inline bool flow_button(const char* label) {
  flow(ImGui::CalcTextSize(label).x + 2 * ImGui::GetStyle().FramePadding.x);
  return ImGui::Button(label);
}

}  // namespace pumice::web
