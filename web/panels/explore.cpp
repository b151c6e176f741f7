#include "web/panels/explore.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "engine/models/latents.h"
#include "web/drawing/layout.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr int kManifoldSide = 15;
constexpr float kReach = 4;  // range of the sliders, in standard deviations
constexpr float kRandomStep = 0.5f;
constexpr uint64_t kDirectionSeed = 0x646972;  // "dir": differs from the seeds of samples
constexpr float kImageSide = 260;
constexpr float kLabelWidth = 48;  // next to a slider
constexpr float kBarWidth = 56;

float share_of(float x) { return static_cast<float>(0.5 * std::erfc(-x / std::sqrt(2.0))); }

// The latent at a position 0 … 1 along an axis of the pad, with the layout of
// models::manifold_latents.
float latent_at(float share) {
  return static_cast<float>(models::inverse_normal_cdf(std::clamp(share, 1e-4f, 1 - 1e-4f)));
}

}  // namespace

ExplorePanel::ExplorePanel(Workspace& workspace)
    : workspace_(workspace),
      decoder_(workspace, 1),
      influence_(std::make_unique<Influence>(workspace)),
      order_(influence_->order()) {
  workspace_.latent.resize(workspace_.network().latent_size);
  view_.describe("explored image");
  manifold_.describe("plane of all latents, in which z0 and z1 move the point");
}

void ExplorePanel::draw() {
  draw_buttons();
  ImVec2 room = ImGui::GetContentRegionAvail();
  float side = std::min({kImageSide, room.x, room.y});
  ImGui::BeginGroup();
  view_.draw("image", side, side);
  ImGui::EndGroup();
  if (room.x > 2 * side) ImGui::SameLine();
  ImVec2 rest = ImGui::GetContentRegionAvail();
  ImGui::BeginGroup();
  if (workspace_.network().latent_size == 2) {
    draw_pad(std::min(rest.x, std::max(160.0f, rest.y - 110)));
  }
  draw_sliders();
  ImGui::EndGroup();
}

void ExplorePanel::request() {
  if (workspace_.latent != requested_) {
    requested_ = workspace_.latent;
    decoder_.request(requested_);
  }
  // After the first image, which the user is waiting for.
  const bool has_image = !decoder_.images().empty();
  if (workspace_.network().latent_size == 2 && has_image && !manifold_decoder_) {
    const uint32_t side = manifold_side();
    manifold_decoder_ =
        std::make_unique<Decoder>(workspace_, side * side, Decoder::Purpose::kAside);
    manifold_decoder_->request(models::manifold_latents(side));
  }
  influence_->request();
}

uint32_t ExplorePanel::manifold_side() const {
  return static_cast<uint32_t>(workspace_.most_side(kManifoldSide));
}

void ExplorePanel::decode_anew() {
  requested_.clear();
  manifold_decoder_.reset();
  influence_ = std::make_unique<Influence>(workspace_);
}

void ExplorePanel::draw_buttons() {
  if (ImGui::Button("Reset")) workspace_.latent.assign(workspace_.latent.size(), 0);
  if (flow_button("Random point")) {
    auto size = static_cast<uint32_t>(workspace_.latent.size());
    workspace_.latent = models::normal_latents(++workspace_.seed, 0, 1, size);
  }
  if (flow_button("Random direction")) step_randomly();
  for (int i = 0; i < 2; ++i) {
    if (flow_button(i == 0 ? "Use as A" : "Use as B")) {
      workspace_.slots[static_cast<size_t>(i)] = {workspace_.latent, std::nullopt, "explored"};
    }
  }
  if (flow_button("Save PNG")) view_.save_png(workspace_.model + "-explored.png");
  if (!manifold_.empty() && flow_button("Save plane")) {
    manifold_.save_png(workspace_.model + "-plane.png");
  }
}

void ExplorePanel::draw_sliders() {
  ImGui::TextDisabled("Most influential first (?)");
  if (ImGui::IsItemHovered()) {
    ImGui::SetTooltip(
        "The mean squared change of the image's pixels when\n"
        "only this number moves from 0 by 1 in either direction,\n"
        "measured on this device, once per model.\n"
        "The bars are relative to the first.");
  }
  const bool scrolls = order_.size() > 2;
  if (scrolls) ImGui::BeginChild("sliders");
  for (uint32_t index : order_) draw_slider(index);
  if (scrolls) ImGui::EndChild();
  // Not while the user is holding one.
  if (!ImGui::IsAnyItemActive()) order_ = influence_->order();
}

void ExplorePanel::draw_slider(uint32_t index) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::SetNextItemWidth(width - kLabelWidth - kBarWidth);
  ImGui::SliderFloat(fmt::format("z{}", index).c_str(), &workspace_.latent[index], -kReach, kReach,
                     "%.2f");
  const float height = ImGui::GetItemRectSize().y;
  const float left = corner.x + width - kBarWidth;
  ImGui::GetWindowDrawList()->AddRectFilled(
      ImVec2(left, corner.y + 0.35f * height),
      ImVec2(left + influence_->relative(index) * (kBarWidth - 6), corner.y + 0.65f * height),
      ImGui::GetColorU32(ImGuiCol_PlotHistogram));
}

void ExplorePanel::draw_pad(float side) {
  ImVec2 origin = ImGui::GetCursorScreenPos();
  manifold_.draw("manifold", side, side);
  ImVec2 shown = ImGui::GetItemRectSize();
  if (manifold_.empty()) return;
  std::vector<float>& latent = workspace_.latent;
  if (ImGui::IsItemActive()) {
    ImVec2 mouse = ImGui::GetIO().MousePos;
    latent[0] = latent_at((mouse.x - origin.x) / shown.x);
    latent[1] = -latent_at((mouse.y - origin.y) / shown.y);
  }
  ImVec2 point(origin.x + share_of(latent[0]) * shown.x, origin.y + share_of(-latent[1]) * shown.y);
  ImGui::GetWindowDrawList()->AddCircleFilled(point, 6, IM_COL32(255, 140, 60, 255));
  ImGui::GetWindowDrawList()->AddCircle(point, 7, IM_COL32(0, 0, 0, 255));
}

void ExplorePanel::step_randomly() {
  auto size = static_cast<uint32_t>(workspace_.latent.size());
  std::vector<float> direction =
      models::normal_latents(kDirectionSeed + random_steps_++, 0, 1, size);
  for (uint32_t i = 0; i < size; ++i) workspace_.latent[i] += kRandomStep * direction[i];
}

void ExplorePanel::poll() {
  const Shape& image = workspace_.network().image;
  if (manifold_decoder_ && manifold_decoder_->poll()) {
    manifold_.set(manifold_decoder_->images(), image, manifold_side(), 0);
    page_wake();
  }
  influence_->poll();
  if (decoder_.poll()) view_.set(decoder_.images(), image, 1, 0);
}

}  // namespace pumice::web
