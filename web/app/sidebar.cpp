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
constexpr float kThumbnail = 40;

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

void Sidebar::draw_offers(const Model* model) {
  if (offers_.empty()) return;
  text(TextStyle::kHeading, "Models");
  ImGui::PushStyleVar(ImGuiStyleVar_SelectableTextAlign, ImVec2(0, 0.5f));
  for (size_t i = 0; i < offers_.size(); ++i) {
    draw_offer(i, model && model->name() == offers_[i].name);
  }
  ImGui::PopStyleVar();
}

// Rows are higher if any has an image.
void Sidebar::draw_offer(size_t index, bool is_open) {
  const Offer& offer = offers_[index];
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float height = thumbnails_.empty() ? ImGui::GetFrameHeight() : kThumbnail + 8;
  const float margin = thumbnails_.empty() ? kMargin : kThumbnail + 2 * kMargin;
  ImGui::Indent(margin);
  if (ImGui::Selectable(offer.name.c_str(), is_open, 0, ImVec2(0, height))) {
    page_fetch_model(offer.file.c_str());
  }
  ImGui::Unindent(margin);
  if (const auto found = thumbnails_.find(index); found != thumbnails_.end()) {
    const ImVec2 from(corner.x + kMargin, corner.y + 4);
    found->second.paint({from, ImVec2(from.x + kThumbnail, from.y + kThumbnail)});
  }
  if (!is_open) return;
  ImGui::GetWindowDrawList()->AddRectFilled(corner, ImVec2(corner.x + 4, corner.y + height),
                                            accent_color(), 2);
}

void Sidebar::take_thumbnail(size_t index, const uint8_t* rgba, const Shape& shape) {
  std::vector<float> values;
  for (size_t i = 0; i < shape.size(); ++i) {
    values.push_back(static_cast<float>(rgba[i / 3 * 4 + i % 3]) / 255);
  }
  thumbnails_[index].set(values, shape, 1, 0);
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
  progress_bar(received_, total_, -1);
}

void Sidebar::set_loading(std::string name, double received, double total) {
  loading_ = std::move(name);
  received_ = received;
  total_ = total;
}

}  // namespace pumice::web
