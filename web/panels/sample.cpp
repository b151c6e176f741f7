#include "web/panels/sample.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "engine/models/latents.h"
#include "web/drawing/layout.h"
#include "web/drawing/number_field.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/panels/shared_buttons.h"

namespace pumice::web {
namespace {

constexpr float kPreviewSide = 168;
constexpr float kChoiceWidth = 230, kLargestChoice = 420;  // of the chosen sample, next to the grid
constexpr float kSampleGap = 20;

// Wide enough for the number, its buttons and some more digits.
float seed_width(uint64_t seed) {
  const float buttons = 2 * (ImGui::GetFrameHeight() + ImGui::GetStyle().ItemInnerSpacing.x);
  const float digits = ImGui::CalcTextSize((fmt::to_string(seed) + "0000").c_str()).x;
  return digits + buttons + 2 * ImGui::GetStyle().FramePadding.x;
}

}  // namespace

Panel::Explanation SamplePanel::explanation() const {
  return {"what is truncation?",
          "Truncation multiplies every latent number. Below 1, images come closer to the typical "
          "one: fewer mistakes, less variety. Above 1, the model leaves what it has learned.\n\n"
          "The same seed always gives the same images, here and in 'pumice sample'.",
          Picture::kTruncation};
}

void SamplePanel::draw() {
  const int most = workspace_.most_side(kLargestGrid);
  workspace_.side = std::clamp(workspace_.side, 1, most);  // from an address, or typed
  draw_controls();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const bool is_beside = room.x > room.y + kChoiceWidth;
  if (!is_beside) draw_choice();
  draw_grid(is_beside ? room.x - kChoiceWidth - kSampleGap : room.x);
  if (!is_beside) return;
  ImGui::SameLine(0, kSampleGap);
  ImGui::BeginGroup();
  if (workspace_.chosen < view_.count()) {
    view_.draw_one("chosen", workspace_.chosen,
                   std::min({ImGui::GetContentRegionAvail().x, kLargestChoice,
                             room.y - 2 * ImGui::GetFrameHeightWithSpacing()}));
  }
  draw_choice();
  ImGui::EndGroup();
}

void SamplePanel::draw_controls() {
  if (main_button("Resample")) ++workspace_.seed;
  const float width = seed_width(workspace_.seed);
  flow(width + 40);
  ImGui::SetNextItemWidth(width);
  number_field("seed", workspace_.seed);
  more_buttons([&] { draw_settings(); });
}

void SamplePanel::draw_settings() {
  const int most = workspace_.most_side(kLargestGrid);
  flow(170);
  ImGui::SetNextItemWidth(110);
  ImGui::SliderInt("per side", &workspace_.side, 1, most);
  flow(200);
  ImGui::SetNextItemWidth(110);
  ImGui::SliderFloat("truncation", &workspace_.truncation, 0.1f, 1.5f, "%.2f",
                     ImGuiSliderFlags_AlwaysClamp);
  if (flow_button("Save PNG")) {
    view_.save_png(fmt::format("{}-seed-{}.png", workspace_.model, workspace_.seed));
  }
  if (most < kLargestGrid) {
    quiet_text(fmt::format("Images of this size: at most {} x {} at once.", most, most));
  }
}

void SamplePanel::draw_choice() {
  workspace_.chosen =
      std::min(workspace_.chosen, static_cast<uint32_t>(workspace_.side * workspace_.side) - 1);
  ImGui::AlignTextToFramePadding();
  ImGui::TextDisabled("Sample %u of %d", workspace_.chosen + 1, workspace_.side * workspace_.side);
  if (flow_button("Explore this one")) explore();
  end_buttons(workspace_, [&] { return chosen(); });
}

void SamplePanel::draw_grid(float width) {
  const ImVec2 room = ImGui::GetContentRegionAvail();
  view_.draw("samples", width, std::max(room.y, 160.0f));
  if (view_.empty()) return;
  workspace_.chosen = view_.clicked().value_or(workspace_.chosen);
  const std::optional<uint32_t> hovered = view_.hovered();
  if (hovered && ImGui::IsMouseDoubleClicked(0)) explore();
  draw_marks();
  if (!hovered) return;
  const ImRect place = view_.place(*hovered);
  frame(place.Min, place.Max, ImGui::GetColorU32(ImGuiCol_Text), 1.5f);
  draw_preview(*hovered);
}

// The chosen sample, and those that are A and B.
void SamplePanel::draw_marks() {
  const ImRect chosen = view_.place(workspace_.chosen);
  if (workspace_.chosen < view_.count()) frame(chosen.Min, chosen.Max, accent_color());
  for (size_t i = 0; i < 2; ++i) {
    const std::optional<Sample>& sample = workspace_.slots[i].sample;
    if (!sample || sample->seed != workspace_.seed || sample->index >= view_.count()) continue;
    badge(view_.place(sample->index).Min, i == 0 ? "A" : "B");
  }
}

// Larger, next to the mouse, unless the grid shows it as large.
void SamplePanel::draw_preview(uint32_t index) {
  if (view_.place(index).GetWidth() > kPreviewSide / 2) return;
  if (ImGui::GetIO().MouseSource == ImGuiMouseSource_TouchScreen || !ImGui::BeginTooltip()) return;
  view_.draw_one("preview", index, kPreviewSide);
  ImGui::TextDisabled("sample %u", index);
  ImGui::EndTooltip();
}

void SamplePanel::request() {
  Wanted wanted{workspace_.seed, workspace_.truncation, workspace_.side};
  if (requested_ == wanted) return;
  auto count = static_cast<uint32_t>(workspace_.side * workspace_.side);
  if (!decoder_ || decoder_->batch() != count) {
    decoder_ = std::make_unique<Decoder>(workspace_, count);
  }
  std::vector<float> latents =
      models::normal_latents(workspace_.seed, 0, count, workspace_.network().latent_size);
  models::truncate(latents, workspace_.truncation);
  decoder_->request(std::move(latents));
  requested_ = wanted;
}

void SamplePanel::poll() {
  if (!decoder_ || !decoder_->poll()) return;
  auto columns = static_cast<uint32_t>(std::lround(std::sqrt(decoder_->batch())));
  view_.describe("sample", fmt::format("seed {}", workspace_.seed));
  view_.set(decoder_->images(), workspace_.network().image, columns);
}

Slot SamplePanel::chosen() const {
  return slot_of({workspace_.seed, workspace_.chosen, workspace_.truncation},
                 workspace_.network().latent_size);
}

void SamplePanel::explore() {
  workspace_.latent = chosen().latent;
  workspace_.wanted_tab = "Explore";
}

}  // namespace pumice::web
