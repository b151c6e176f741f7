#include "web/drawing/widgets.h"

#include <fmt/format.h>

#include <algorithm>

#include "web/drawing/items.h"
#include "web/drawing/layout.h"
#include "web/drawing/theme.h"

namespace pumice::web {
namespace {

constexpr float kTooltipWidth = 360;

void push_accent() {
  ImGui::PushStyleColor(ImGuiCol_Button, accent_color());
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, accent_towards_ink(0.14f));
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, accent_towards_ink(0.28f));
  ImGui::PushStyleColor(ImGuiCol_Text, on_accent_color());
}

void draw_lock(ImVec2 center, float size, bool is_open, ImU32 color) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float half = size / 2;
  list.AddRectFilled(ImVec2(center.x - half, center.y - 1),
                     ImVec2(center.x + half, center.y + half + 1), color, 2);
  const float shift = is_open ? half : 0;
  list.PathArcTo(ImVec2(center.x + shift, center.y - 1), half - 2, 3.14159f, 6.28318f, 10);
  list.PathStroke(color, 0, 1.6f);
}

void draw_reset(ImVec2 center, float size, ImU32 color) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = size / 2;
  list.PathArcTo(center, radius, -2.4f, 2.4f, 16);
  list.PathStroke(color, 0, 1.6f);
  const ImVec2 end(center.x - 0.74f * radius, center.y - 0.68f * radius);
  list.AddTriangleFilled(ImVec2(end.x - 3, end.y - 3), ImVec2(end.x + 4, end.y - 2),
                         ImVec2(end.x - 2, end.y + 4), color);
}

}  // namespace

void text(TextStyle style, const std::string& words) {
  ImGui::PushFont(font(style));
  ImGui::TextUnformatted(words.c_str());
  ImGui::PopFont();
  if (style == TextStyle::kHeading) note_heading();
}

void quiet_text(const std::string& words) {
  ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyleColorVec4(ImGuiCol_TextDisabled));
  ImGui::TextWrapped("%s", words.c_str());
  ImGui::PopStyleColor();
}

bool main_button(const char* label) {
  push_accent();
  const bool is_pressed = ImGui::Button(label);
  ImGui::PopStyleColor(4);
  return is_pressed;
}

bool choice_button(const char* label, bool is_chosen) {
  const bool is_pressed = is_chosen ? main_button(label) : ImGui::Button(label);
  note_choice(ImGui::GetItemID(), Role::kButton, label, is_chosen);
  return is_pressed;
}

float icon_width() {
  const float height = ImGui::GetFrameHeight();
  return is_coarse() ? height : 0.8f * height;
}

bool icon_button(const char* label, Icon icon, bool is_on) {
  const float side = icon_width();
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const bool is_pressed = ImGui::InvisibleButton(label, ImVec2(side, ImGui::GetFrameHeight()));
  const bool is_hovered = ImGui::IsItemHovered();
  if (is_hovered)
    ImGui::SetTooltip("%s", std::string(label).substr(0, std::string(label).find("##")).c_str());
  const ImU32 color = is_on
                          ? accent_color()
                          : ImGui::GetColorU32(is_hovered ? ImGuiCol_Text : ImGuiCol_TextDisabled);
  const ImVec2 center(corner.x + side / 2, corner.y + ImGui::GetFrameHeight() / 2);
  if (!ImGui::IsItemVisible()) return is_pressed;
  if (icon == Icon::kReset) {
    draw_reset(center, 12, color);
  } else {
    draw_lock(center, 12, icon == Icon::kUnlock, color);
  }
  return is_pressed;
}

bool begin_fold(const char* label) {
  return ImGui::TreeNodeEx(label,
                           is_coarse() ? ImGuiTreeNodeFlags_FramePadding : ImGuiTreeNodeFlags_None);
}

void what_is(const char* link, const char* explanation, Picture picture) {
  flow(ImGui::CalcTextSize(link).x);
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 size = ImGui::CalcTextSize(link);
  // For fingers, the button reaches below the text.
  const float height = is_coarse() ? ImGui::GetFrameHeight() : size.y;
  if (ImGui::InvisibleButton(link, ImVec2(size.x, height))) ImGui::OpenPopup(explanation);
  note_fold(link, ImGui::IsPopupOpen(explanation));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddText(corner, accent_color(), link);
  if (ImGui::IsItemHovered()) {
    list.AddLine(ImVec2(corner.x, corner.y + size.y), ImVec2(corner.x + size.x, corner.y + size.y),
                 accent_color());
  }
  ImGui::SetNextWindowSize(ImVec2(std::min(kTooltipWidth, ImGui::GetIO().DisplaySize.x - 24), 0));
  if (!ImGui::BeginPopup(explanation)) return;
  draw_picture(picture);
  ImGui::TextWrapped("%s", explanation);
  ImGui::EndPopup();
}

void progress_bar(double received, double total, float width) {
  const bool knows_total = total >= received && total > 0;
  std::string words = fmt::format("{:.1f} MB", received / 1e6);
  if (knows_total) words = fmt::format("{:.1f} of {:.1f} MB", received / 1e6, total / 1e6);
  ImGui::ProgressBar(knows_total ? static_cast<float>(received / total) : 0, ImVec2(width, 0),
                     words.c_str());
}

void badge(ImVec2 corner, const char* letter, bool is_chosen) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 size = ImGui::CalcTextSize(letter);
  const ImVec2 end(corner.x + size.x + 8, corner.y + size.y + 2);
  list.AddRectFilled(corner, end, is_chosen ? accent_color() : card_color(), 4);
  list.AddText(ImVec2(corner.x + 4, corner.y + 1),
               is_chosen ? on_accent_color() : ImGui::GetColorU32(ImGuiCol_Text), letter);
}

void frame(ImVec2 from, ImVec2 to, ImU32 color, float thickness) {
  ImGui::GetWindowDrawList()->AddRect(from, to, color, 2, 0, thickness);
}

}  // namespace pumice::web
