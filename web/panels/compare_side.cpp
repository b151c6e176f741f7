#include "web/panels/compare_side.h"

#include <imgui.h>

#include "engine/models/latents.h"
#include "web/drawing/widgets.h"

namespace pumice::web {
namespace {

constexpr uint32_t kSampleColumns = 4;

}  // namespace

CompareSide::CompareSide(Workspace& workspace)
    : workspace_(workspace),
      point_(workspace, 1, Decoder::Purpose::kShow),
      samples_(workspace, kSamples, Decoder::Purpose::kAside) {
  image_.describe("image of " + workspace.model);
  view_.describe("sample", "of " + workspace.model);
}

void CompareSide::request(const std::vector<float>& latent) {
  if (requested_point_ != latent) {
    point_.request(latent);
    requested_point_ = latent;
  }
  const Wanted wanted{workspace_.seed, workspace_.label};
  if (requested_samples_ == wanted) return;
  samples_.request(
      models::normal_latents(wanted.seed, 0, kSamples, workspace_.network().latent_size));
  requested_samples_ = wanted;
}

void CompareSide::poll() {
  const Shape image = workspace_.network().image;
  if (point_.poll()) image_.set(point_.images(), image, 1, 0);
  if (samples_.poll()) view_.set(samples_.images(), image, kSampleColumns);
}

void CompareSide::decode_anew() {
  requested_point_.clear();
  requested_samples_.reset();
}

std::optional<uint32_t> CompareSide::draw(float side) {
  ImGui::BeginGroup();
  text(TextStyle::kHeading, workspace_.model);
  image_.draw_one(("image of " + workspace_.model).c_str(), 0, side);
  ImGui::Dummy(ImVec2(side, 1));  // both sides are as wide, whatever their images
  view_.draw(("samples of " + workspace_.model).c_str(), side, side / 2);
  const std::optional<uint32_t> clicked = view_.clicked();
  ImGui::EndGroup();
  return clicked;
}

}  // namespace pumice::web
