#include "web/drawing/dial.h"

#include <imgui_internal.h>

#include <algorithm>

#include "web/drawing/theme.h"

namespace pumice::web {
namespace {

constexpr float kRounding = 5;
constexpr float kWheelStep = 0.1f;

// `position`: -1 … 1.
void draw_track(const ImRect& box, ImageView& images, float position, ImU32 color,
                bool is_hovered) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (images.empty()) {
    list.AddRectFilled(box.Min, box.Max, ImGui::GetColorU32(ImGuiCol_FrameBg), kRounding);
  } else {
    images.paint(box);
  }
  const float share = std::clamp((position + 1) / 2, 0.0f, 1.0f);
  const float x = std::clamp(box.Min.x + share * box.GetWidth(), box.Min.x + 3, box.Max.x - 3);
  const float half = is_hovered ? 3.5f : 2.5f;
  list.AddRectFilled(ImVec2(x - half - 1.5f, box.Min.y - 2), ImVec2(x + half + 1.5f, box.Max.y + 2),
                     IM_COL32(0, 0, 0, 190), 4);
  list.AddRectFilled(ImVec2(x - half, box.Min.y - 1), ImVec2(x + half, box.Max.y + 1), color, 3);
}

// What SliderFloat draws is hidden: the track is drawn over it.
void hidden_slider(const char* label, float& value, float reach, ImVec2 size) {
  const float padding = std::max(0.0f, (size.y - ImGui::GetFontSize()) / 2);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(4, padding));
  ImGui::PushStyleVar(ImGuiStyleVar_GrabMinSize, 6);
  for (ImGuiCol color : {ImGuiCol_Text, ImGuiCol_SliderGrab, ImGuiCol_SliderGrabActive}) {
    ImGui::PushStyleColor(color, 0);
  }
  ImGui::SetNextItemWidth(size.x);
  ImGui::SliderFloat(label, &value, -reach, reach, "%.2f");
  ImGui::PopStyleColor(3);
  ImGui::PopStyleVar(2);
}

// The wheel scrolls the list unless this dial was used last, or there is nothing to scroll.
void take_gestures(float& value, float reach) {
  if (ImGui::IsMouseDoubleClicked(0)) {
    ImGui::ClearActiveID();
    value = 0;
    return;
  }
  if (!ImGui::IsItemFocused() && ImGui::GetScrollMaxY() > 0) return;
  ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
  const float turned = ImGui::GetIO().MouseWheel;
  if (turned != 0) value = std::clamp(value + kWheelStep * turned, -reach, reach);
}

}  // namespace

void dial(const char* label, float& value, float reach, ImVec2 size, ImageView& images,
          bool is_locked) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  ImGui::BeginDisabled(is_locked);
  hidden_slider(label, value, reach, size);
  const ImRect box(corner, ImVec2(corner.x + size.x, corner.y + size.y));
  const bool is_hovered = ImGui::IsItemHovered() && ImGui::IsMouseHoveringRect(box.Min, box.Max);
  if (is_hovered && !is_locked) take_gestures(value, reach);
  ImGui::EndDisabled();
  const ImU32 color = is_locked ? ImGui::GetColorU32(ImGuiCol_TextDisabled) : accent_color();
  if (ImGui::IsItemVisible()) draw_track(box, images, value / reach, color, is_hovered);
}

}  // namespace pumice::web
