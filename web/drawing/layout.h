#pragma once

#include <imgui.h>

#include "web/drawing/items.h"

namespace pumice::web {

/// In windows narrower or lower than this, in CSS pixels, the sidebar is a tab: phones.
inline constexpr float kNarrowWindow = 760;
inline constexpr float kLowWindow = 480;

inline bool is_low() { return ImGui::GetIO().DisplaySize.y < kLowWindow; }
inline bool is_narrow() { return ImGui::GetIO().DisplaySize.x < kNarrowWindow || is_low(); }

/// Continues on the same line if an item of this width fits, otherwise on the next.
inline void flow(float width) {
  ImGui::SameLine();
  if (ImGui::GetContentRegionAvail().x < width) ImGui::NewLine();
}

inline float button_width(const char* label) {
  return ImGui::CalcTextSize(label, nullptr, true).x + 2 * ImGui::GetStyle().FramePadding.x;
}

/// A button next to the last item, or below it if it does not fit.
inline bool flow_button(const char* label) {
  flow(button_width(label));
  return ImGui::Button(label);
}

/// Draws less important buttons next to the last item or, on phones, in a menu that "More" opens.
template <typename Draw>
void more_buttons(Draw draw) {
  if (!is_narrow()) return draw();
  if (flow_button("More")) ImGui::OpenPopup("more");
  note_fold("More", ImGui::IsPopupOpen("more"));
  if (!ImGui::BeginPopup("more")) return;
  draw();
  ImGui::EndPopup();
}

/// Moves the cursor so that an item of this width is in the middle.
inline void center(float width) {
  const float room = ImGui::GetContentRegionAvail().x;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + (room > width ? (room - width) / 2 : 0));
}

}  // namespace pumice::web
