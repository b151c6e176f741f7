#include "web/drawing/number_field.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_internal.h>

#include <charconv>
#include <limits>

#include "web/drawing/items.h"
#include "web/drawing/requests.h"

namespace pumice::web {
namespace {

// Keeps the value if the text does not begin with a number.
void draw_box(const char* label, float width, uint64_t& value) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImVec2 size(width, ImGui::GetFrameHeight());
  const ImVec2 padding = ImGui::GetStyle().FramePadding;
  ImGui::InvisibleButton(label, size);
  const ImGuiID id = ImGui::GetItemID();
  if (const std::optional<std::string> typed = take_text(id)) {
    std::from_chars(typed->data(), typed->data() + typed->size(), value);
  }
  const std::string words = fmt::to_string(value);
  if (Control* control = note_item(id, Role::kField, label)) control->text = words;
  ImGui::RenderFrame(corner, ImVec2(corner.x + size.x, corner.y + size.y),
                     ImGui::GetColorU32(ImGuiCol_FrameBg), true, ImGui::GetStyle().FrameRounding);
  ImGui::RenderText(ImVec2(corner.x + padding.x, corner.y + padding.y), words.c_str());
}

bool step_button(const char* label) {
  const float side = ImGui::GetFrameHeight();
  ImGui::SameLine(0, ImGui::GetStyle().ItemInnerSpacing.x);
  return ImGui::Button(label, ImVec2(side, side));
}

}  // namespace

void number_field(const char* label, uint64_t& value) {
  const float gap = ImGui::GetStyle().ItemInnerSpacing.x;
  const float width = ImGui::CalcItemWidth() - 2 * (ImGui::GetFrameHeight() + gap);
  ImGui::BeginGroup();
  draw_box(label, width, value);
  const ItemScope scope(label);
  ImGui::PushButtonRepeat(true);
  if (step_button("-") && value > 0) --value;
  if (step_button("+") && value < std::numeric_limits<uint64_t>::max()) ++value;
  ImGui::PopButtonRepeat();
  ImGui::SameLine(0, gap);
  ImGui::TextEx(label);
  ImGui::EndGroup();
}

}  // namespace pumice::web
