#include "web/app/sidebar.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <array>

#include "web/drawing/layout.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"
#include "web/panels/model_card.h"

namespace pumice::web {
namespace {

constexpr float kMargin = 12;

std::string megabytes(double bytes) { return fmt::format("{:.1f} MB", bytes / 1e6); }

}  // namespace

bool Sidebar::draw(const std::string& device, const Model* model) {
  text(TextStyle::kTitle, "Pumice");
  quiet_text("Look inside small generative models. Everything is computed on your machine.");
  ImGui::Spacing();
  draw_offers(model);
  draw_loading();
  if (ImGui::Button("Open a file")) page_choose_file();
  const bool wants_help = flow_button("Help (?)");
  draw_theme();
  draw_copy(model);
  if (model) draw_model_card(*model);
  ImGui::Spacing();
  quiet_text(device + ".");
  return wants_help;
}

void Sidebar::draw_offers(const Model* model) const {
  if (offers_.empty()) return;
  text(TextStyle::kHeading, "Models");
  ImGui::PushStyleVar(ImGuiStyleVar_SelectableTextAlign, ImVec2(0, 0.5f));
  for (const Offer& offer : offers_) {
    const bool is_open = model && model->name() == offer.name;
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float height = ImGui::GetFrameHeight();
    ImGui::Indent(kMargin);
    if (ImGui::Selectable(offer.name.c_str(), is_open, 0, ImVec2(0, height))) {
      page_fetch_model(offer.file.c_str());
    }
    ImGui::Unindent(kMargin);
    if (!is_open) continue;
    ImGui::GetWindowDrawList()->AddRectFilled(corner, ImVec2(corner.x + 4, corner.y + height),
                                              accent_color(), 2);
  }
  ImGui::PopStyleVar();
}

void Sidebar::draw_theme() const {
  constexpr std::array<const char*, 3> kLabels = {"Theme: system", "Theme: dark", "Theme: light"};
  const auto choice = static_cast<size_t>(theme_choice_);
  if (flow_button(kLabels[choice])) page_choose_theme((theme_choice_ + 1) % 3);
}

// Nobody else has a file that was dropped here.
void Sidebar::draw_copy(const Model* model) {
  constexpr double kShown = 2000;
  const auto is_open = [&](const Offer& offer) { return model && offer.name == model->name(); };
  if (std::ranges::none_of(offers_, is_open)) return;
  const bool is_new = copied_at_ && page_now() - *copied_at_ < kShown;
  if (!flow_button(is_new ? "Link copied" : "Copy link")) return;
  page_copy_link();
  copied_at_ = page_now();
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
