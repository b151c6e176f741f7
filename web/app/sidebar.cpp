#include "web/app/sidebar.h"

#include <fmt/format.h>
#include <imgui.h>

#include <array>

#include "web/drawing/layout.h"
#include "web/page/browser.h"
#include "web/panels/model_card.h"

namespace pumice::web {
namespace {

std::string megabytes(double bytes) { return fmt::format("{:.1f} MB", bytes / 1e6); }

}  // namespace

bool Sidebar::draw(const std::string& device, const Model* model) {
  ImGui::SeparatorText("Pumice");
  ImGui::TextWrapped("Drop a .safetensors checkpoint anywhere on this page.");
  if (ImGui::Button("Open a file")) page_choose_file();
  const bool wants_help = flow_button("Help (?)");
  draw_theme();
  ImGui::TextDisabled("%s", device.c_str());
  for (const Offer& offer : offers_) {
    bool is_open = model && model->name() == offer.name;
    if (ImGui::Selectable(offer.name.c_str(), is_open)) page_fetch_model(offer.file.c_str());
  }
  draw_loading();
  if (model) draw_model_card(*model);
  return wants_help;
}

void Sidebar::draw_theme() const {
  constexpr std::array<const char*, 3> kLabels = {"Theme: system", "Theme: dark", "Theme: light"};
  const auto choice = static_cast<size_t>(theme_choice_);
  if (flow_button(kLabels[choice])) page_choose_theme((theme_choice_ + 1) % 3);
}

void Sidebar::draw_loading() const {
  if (loading_.empty()) return;
  ImGui::TextWrapped("Loading %s", loading_.c_str());
  const bool knows_total = total_ >= received_ && total_ > 0;
  std::string text =
      knows_total ? megabytes(received_) + " of " + megabytes(total_) : megabytes(received_);
  float share = knows_total ? static_cast<float>(received_ / total_) : 0;
  ImGui::ProgressBar(share, ImVec2(-1, 0), text.c_str());
}

void Sidebar::set_loading(std::string name, double received, double total) {
  loading_ = std::move(name);
  received_ = received;
  total_ = total;
}

}  // namespace pumice::web
