// The part of App that draws the bar of tabs.
#include <imgui.h>

#include <algorithm>
#include <string>
#include <vector>

#include "web/app/app.h"
#include "web/drawing/font.h"
#include "web/drawing/layout.h"
#include "web/drawing/theme.h"

namespace pumice::web {
namespace {

constexpr float kUnderline = 3;

/// How tabs are drawn, in CSS pixels.
struct TabStyle {
  TextStyle text = TextStyle::kBody;
  float padding = 12;  ///< on each side of a name
  float spacing = 4;
};

// The padding with which the names fill a width.
float padding_of(const std::vector<const char*>& names, TextStyle text, float width) {
  ImGui::PushFont(font(text));
  for (const char* name : names) width -= ImGui::CalcTextSize(name).x + 2;  // and a line between
  ImGui::PopFont();
  return width / static_cast<float>(2 * names.size());
}

// On a phone all tabs fit, in small letters if they must; on narrower screens they scroll.
TabStyle narrow_style(const std::vector<const char*>& names) {
  constexpr float kLeast = 3, kMost = 12;
  const float width = ImGui::GetContentRegionAvail().x;
  const bool is_small = padding_of(names, TextStyle::kBody, width) < kLeast;
  const TextStyle text = is_small ? TextStyle::kSmall : TextStyle::kBody;
  return {text, std::clamp(padding_of(names, text, width) - 0.5f, kLeast - 1, kMost), 1};
}

void push_style(const TabStyle& style) {
  const float height = ImGui::GetFrameHeight() + 4;
  ImGui::PushFont(font(style.text));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                      ImVec2(style.padding, (height - ImGui::GetFontSize()) / 2));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemInnerSpacing, ImVec2(style.spacing, 4));
}

void pop_style() {
  ImGui::PopStyleVar(2);
  ImGui::PopFont();
}

// Dear ImGui appends tabs that appear later, so that another bar puts them in order.
bool begin_tabs(const TabStyle& style, bool has_comparison) {
  push_style(style);
  bool is_open =
      ImGui::BeginTabBar(has_comparison ? "tabs" : "fewer tabs",
                         ImGuiTabBarFlags_FittingPolicyScroll | ImGuiTabBarFlags_NoTooltip);
  pop_style();
  return is_open;
}

// The shown one is underlined.
bool begin_tab(const char* name, bool select, const TabStyle& style) {
  push_style(style);
  bool is_shown = ImGui::BeginTabItem(name, nullptr, select ? ImGuiTabItemFlags_SetSelected : 0);
  pop_style();
  if (is_shown) {
    const ImVec2 from = ImGui::GetItemRectMin();
    const ImVec2 to = ImGui::GetItemRectMax();
    ImGui::GetWindowDrawList()->AddRectFilled(ImVec2(from.x, to.y - kUnderline), to, accent_color(),
                                              2);
  }
  return is_shown;
}

}  // namespace

void App::draw_tabs(bool is_narrow) {
  shown_panel_ = nullptr;
  settle_tab();
  std::vector<const char*> names;
  if (is_narrow) names.push_back("Model");
  for (const std::unique_ptr<Panel>& panel : panels_) {
    names.push_back(is_narrow ? panel->short_name() : panel->name());
  }
  const TabStyle style = is_narrow ? narrow_style(names) : TabStyle{};
  if (!begin_tabs(style, compare_panel_ != nullptr)) return;
  if (is_narrow && begin_tab("Model", false, style)) {
    draw_sidebar();
    ImGui::EndTabItem();
  }
  auto name = names.begin() + (is_narrow ? 1 : 0);
  for (const std::unique_ptr<Panel>& panel : panels_) {
    const bool wanted = wanted_tab_ == panel->name();
    if (!begin_tab(*name++, wanted, style)) continue;
    if (wanted) wanted_tab_.clear();
    tab_ = panel->name();
    shown_panel_ = panel.get();
    draw_panel(*panel);
    ImGui::EndTabItem();
  }
  ImGui::EndTabBar();
  if (panels_.empty() && !is_narrow) draw_emptiness();
}

// The wanted tab may not exist in the open model, if an address or the previous model asked for it.
void App::settle_tab() {
  if (panels_.empty() || wanted_tab_.empty()) return;
  const bool is_there = std::ranges::any_of(
      panels_, [&](const std::unique_ptr<Panel>& panel) { return wanted_tab_ == panel->name(); });
  if (!is_there) wanted_tab_ = panels_.front()->name();
}

}  // namespace pumice::web
