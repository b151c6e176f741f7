#include "web/panels/class_row.h"

#include <fmt/format.h>

#include <algorithm>

#include "web/drawing/items.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr uint32_t kMostClasses = 20;
constexpr float kLargestSide = 64;
constexpr float kChipGap = 6;

}  // namespace

bool ClassRow::is_shown() const {
  const uint32_t classes = workspace_.network().classes;
  return classes > 1 && classes <= std::min(kMostClasses, workspace_.most_images());
}

float ClassRow::side(float width) const {
  const auto count = static_cast<float>(workspace_.network().classes);
  return std::min(kLargestSide, (width + kChipGap) / count - kChipGap);
}

float ClassRow::height(float width) const {
  if (!is_shown()) return 0;
  return side(width) + ImGui::GetTextLineHeightWithSpacing() + ImGui::GetStyle().ItemSpacing.y;
}

void ClassRow::draw(float width) {
  if (!is_shown()) return;
  ImGui::PushFont(font(TextStyle::kSmall));
  ImGui::TextDisabled("The same latent as every class");
  ImGui::PopFont();
  const float each = side(width);
  for (uint32_t label = 0; label < workspace_.network().classes; ++label) {
    if (label > 0) ImGui::SameLine(0, kChipGap);
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const ImVec2 to(from.x + each, from.y + each);
    const std::string& title = workspace_.class_titles[label];
    const bool is_chosen = label == workspace_.label;
    if (ImGui::InvisibleButton(("class " + title).c_str(), ImVec2(each, each))) {
      workspace_.wanted_label = label;
    }
    note_choice(ImGui::GetItemID(), Role::kButton, "this latent as class " + title, is_chosen);
    if (!view_.empty()) view_.paint_one(label, {from, to});
    if (is_chosen || ImGui::IsItemHovered()) {
      frame(from, to, is_chosen ? accent_color() : ImGui::GetColorU32(ImGuiCol_TextDisabled));
    }
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", title.c_str());
  }
}

void ClassRow::request(const std::vector<float>& latent) {
  if (!is_shown() || latent.empty() || latent == requested_) return;
  const uint32_t classes = workspace_.network().classes;
  if (!decoder_)
    decoder_ = std::make_unique<Decoder>(workspace_, classes, Decoder::Purpose::kAside);
  std::vector<float> latents;
  std::vector<uint32_t> labels;
  for (uint32_t label = 0; label < classes; ++label) {
    latents.insert(latents.end(), latent.begin(), latent.end());
    labels.push_back(label);
  }
  decoder_->request(std::move(latents), std::move(labels));
  requested_ = latent;
}

void ClassRow::poll() {
  if (!decoder_ || !decoder_->poll()) return;
  view_.set(decoder_->images(), workspace_.network().image, decoder_->batch());
  page_wake();
}

}  // namespace pumice::web
