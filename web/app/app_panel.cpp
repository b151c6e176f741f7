// The part of App that draws the shown tab: what it is for, the class, the sampling options, the
// panel.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "web/app/app.h"
#include "web/drawing/items.h"
#include "web/drawing/layout.h"
#include "web/drawing/widgets.h"

namespace pumice::web {
namespace {

void explain(const Panel& panel) {
  const Panel::Explanation explanation = panel.explanation();
  quiet_text(panel.sentence());
  what_is(explanation.question, explanation.answer, explanation.picture);
}

/// Whether the value was changed.
bool sampling_slider(const models::SamplingOption& option, double& value) {
  const std::string label(option.name);
  ImGui::SetNextItemWidth(110);
  auto number = static_cast<float>(value);
  const bool is_changed = ImGui::SliderFloat(
      label.c_str(), &number, static_cast<float>(option.least), static_cast<float>(option.most),
      option.is_whole ? "%.0f" : "%.2f",
      ImGuiSliderFlags_AlwaysClamp | (option.most > 100 ? ImGuiSliderFlags_Logarithmic : 0));
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", std::string(option.help).c_str());
  if (is_changed) value = option.is_whole ? std::round(number) : number;
  return is_changed;
}

}  // namespace

void App::draw_panel(Panel& panel) {
  if (!is_low()) explain(panel);
  if (panel.shows_model()) {
    draw_class();
    draw_sampling();
  }
  panel.draw();
}

// A button each, if they fit on one line; otherwise a list.
void App::draw_class() {
  if (panels_.empty() || workspace_.network().classes == 0) return;
  const std::vector<std::string>& titles = workspace_.class_titles;
  float width = 50;
  for (const std::string& title : titles) width += button_width(title.c_str()) + 4;
  if (width > ImGui::GetContentRegionAvail().x) return draw_class_list();
  ImGui::AlignTextToFramePadding();
  ImGui::TextDisabled("class");
  const ItemScope scope("class");
  for (uint32_t label = 0; label < titles.size(); ++label) {
    ImGui::SameLine(0, label == 0 ? 10.0f : 4.0f);
    if (choice_button(titles[label].c_str(), label == workspace_.label)) take_class(label);
  }
}

void App::draw_class_list() {
  const std::vector<std::string>& titles = workspace_.class_titles;
  ImGui::SetNextItemWidth(std::min(260.0f, 0.7f * ImGui::GetContentRegionAvail().x));
  if (!ImGui::BeginCombo("class", titles[workspace_.label].c_str())) return;
  for (uint32_t label = 0; label < titles.size(); ++label) {
    const bool is_chosen = label == workspace_.label;
    if (ImGui::Selectable(titles[label].c_str(), is_chosen)) take_class(label);
    if (is_chosen && ImGui::IsWindowAppearing()) ImGui::SetScrollHereY();
  }
  ImGui::EndCombo();
}

// The sampling options of the model's family, a slider each.
void App::draw_sampling() {
  if (panels_.empty()) return;
  const auto options = workspace_.networks->family().sampling;
  for (size_t i = 0; i < options.size(); ++i) {
    if (options[i].is_conditional && workspace_.network().classes == 0) continue;
    if (i > 0) ImGui::SameLine();
    if (sampling_slider(options[i], workspace_.sampling[i])) decode_anew();
  }
}

}  // namespace pumice::web
