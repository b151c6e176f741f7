#include "web/panels/sample.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "engine/models/latents.h"
#include "web/drawing/layout.h"

namespace pumice::web {
namespace {

constexpr uint64_t kSeedStep = 1;

}  // namespace

void SamplePanel::draw() {
  draw_controls();
  ImVec2 room = ImGui::GetContentRegionAvail();
  if (auto clicked = view_.draw("samples", room.x, room.y)) use(*clicked);
}

void SamplePanel::draw_controls() {
  ImGui::SetNextItemWidth(110);
  ImGui::InputScalar("seed", ImGuiDataType_U64, &workspace_.seed, &kSeedStep);
  if (flow_button("Resample")) ++workspace_.seed;
  if (flow_button("Save PNG")) {
    view_.save_png(fmt::format("{}-seed-{}.png", workspace_.model, workspace_.seed));
  }
  ImGui::SetNextItemWidth(110);
  const int most = workspace_.most_side(kLargestGrid);
  ImGui::SliderInt("side", &workspace_.side, 1, most);
  workspace_.side = std::clamp(workspace_.side, 1, most);  // from an address, or typed
  ImGui::SameLine();
  ImGui::SetNextItemWidth(110);
  ImGui::SliderFloat("truncation", &workspace_.truncation, 0, 1.5f, "%.2f",
                     ImGuiSliderFlags_AlwaysClamp);
  if (most < kLargestGrid) {
    ImGui::TextDisabled("Images of this size: at most %d x %d at once.", most, most);
  }
  ImGui::TextDisabled("Click a sample to assign it to slot %s.",
                      workspace_.next_slot == 0 ? "A" : "B");
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

void SamplePanel::use(uint32_t index) {
  Slot slot =
      slot_of({workspace_.seed, index, workspace_.truncation}, workspace_.network().latent_size);
  workspace_.latent = slot.latent;
  workspace_.slots[static_cast<size_t>(workspace_.next_slot)] = std::move(slot);
  workspace_.next_slot = 1 - workspace_.next_slot;
}

}  // namespace pumice::web
