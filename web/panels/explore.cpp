#include "web/panels/explore.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "engine/models/latents.h"
#include "web/drawing/layout.h"
#include "web/drawing/pointer.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"
#include "web/panels/shared_buttons.h"

namespace pumice::web {
namespace {

constexpr int kManifoldSide = 15;
constexpr uint64_t kPointSeed = 0x706f696e74;  // "point": differs from the seeds of samples
constexpr float kNarrowestDials = 330, kWidestDials = 520;
constexpr float kExploreGap = 20;
constexpr float kTwoDials = 130;  // below the pad

float share_of(float x) { return static_cast<float>(0.5 * std::erfc(-x / std::sqrt(2.0))); }

// The latent at a position 0 … 1 along an axis of the pad, with the layout of
// models::manifold_latents.
float latent_at(float share) {
  return static_cast<float>(models::inverse_normal_cdf(std::clamp(share, 1e-4f, 1 - 1e-4f)));
}

}  // namespace

ExplorePanel::ExplorePanel(Workspace& workspace)
    : workspace_(workspace), decoder_(workspace, 1), classes_(workspace), dials_(workspace) {
  workspace_.latent.resize(workspace_.network().latent_size);
  view_.describe("explored image");
  manifold_.describe("point", "z0 to the right, z1 upwards");
}

Panel::Explanation ExplorePanel::explanation() const {
  return {"what is a latent?",
          "A latent is the short list of numbers from which the model draws an image. Training "
          "arranges them so that similar images have similar numbers, and so that almost any "
          "list near 0 gives a sensible image.\n\n"
          "Each number is drawn from a bell curve: most lie between -2 and 2.",
          Picture::kLatent};
}

void ExplorePanel::draw() {
  draw_buttons();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const bool is_beside = room.x > 560 || room.x > room.y;
  const float dials = has_plane() ? room.x / 2 : kNarrowestDials;
  const float width = is_beside ? room.x - dials - kExploreGap : room.x;
  const float height = is_beside ? room.y : 0.45f * room.y;
  const float side = std::max(80.0f, std::min(width, height - classes_.height(width)));
  if (!is_beside) center(side);
  ImGui::BeginGroup();
  draw_image(side);
  classes_.draw(is_beside ? std::max(side, std::min(width, 400.0f)) : side);
  ImGui::EndGroup();
  if (is_beside) ImGui::SameLine(0, kExploreGap);
  const ImVec2 rest = ImGui::GetContentRegionAvail();
  draw_controls(ImVec2(has_plane() ? rest.x : std::min(rest.x, kWidestDials), rest.y));
  if (!ImGui::IsAnyItemActive()) workspace_.history.note(workspace_.latent);
}

void ExplorePanel::draw_image(float side) {
  if (view_.empty()) ImGui::Dummy(ImVec2(side, side));
  view_.draw("image", side, side);
}

void ExplorePanel::draw_controls(ImVec2 size) {
  ImGui::BeginGroup();
  if (has_plane()) {
    draw_pad(std::min(size.x, std::max(160.0f, size.y - kTwoDials)));
    size.y = ImGui::GetContentRegionAvail().y;
  }
  dials_.draw(size);
  ImGui::EndGroup();
}

void ExplorePanel::request() {
  if (workspace_.latent != requested_) {
    requested_ = workspace_.latent;
    decoder_.request(requested_);
  }
  // After the first image, which the user is waiting for.
  if (decoder_.images().empty()) return;
  if (has_plane() && !manifold_decoder_) {
    const uint32_t side = manifold_side();
    manifold_decoder_ =
        std::make_unique<Decoder>(workspace_, side * side, Decoder::Purpose::kAside);
    manifold_decoder_->request(models::manifold_latents(side));
  }
  classes_.request(workspace_.latent);
  dials_.request();
}

uint32_t ExplorePanel::manifold_side() const {
  return static_cast<uint32_t>(workspace_.most_side(kManifoldSide));
}

void ExplorePanel::decode_anew() {
  requested_.clear();
  manifold_decoder_.reset();
  classes_.decode_anew();
  dials_.decode_anew();
}

void ExplorePanel::draw_buttons() {
  if (main_button("Random point")) {
    const auto size = static_cast<uint32_t>(workspace_.latent.size());
    dials_.move_to(models::normal_latents(kPointSeed + random_points_++, 0, 1, size));
  }
  draw_point_buttons();
  more_buttons([&] { draw_uses(); });
}

void ExplorePanel::draw_uses() {
  if (flow_button("Random direction")) dials_.add_random_direction();
  end_buttons(workspace_, [&] { return Slot{workspace_.latent, std::nullopt, "explored"}; });
  if (flow_button("Save PNG")) view_.save_png(workspace_.model + "-explored.png");
  if (!manifold_.empty() && flow_button("Save plane")) {
    manifold_.save_png(workspace_.model + "-plane.png");
  }
}

void ExplorePanel::draw_point_buttons() {
  if (flow_button("Reset")) dials_.move_to(std::vector<float>(workspace_.latent.size()));
  undo_buttons(*this, workspace_.history);
}

void ExplorePanel::draw_pad(float side) {
  constexpr float kDot = 7;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  manifold_.draw("manifold", side, side);
  if (manifold_.empty()) return;
  const ImVec2 shown = ImGui::GetItemRectSize();
  claim_touch();
  if (ImGui::IsItemHovered()) want_cross_cursor();
  std::vector<float>& latent = workspace_.latent;
  if (const auto pressed = manifold_.pressed()) {
    const std::vector<float> points = models::manifold_latents(manifold_side());
    latent.assign(&points[size_t{2} * *pressed], &points[size_t{2} * *pressed] + 2);
  } else if (ImGui::IsItemActive()) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    latent[0] = latent_at((mouse.x - origin.x) / shown.x);
    latent[1] = -latent_at((mouse.y - origin.y) / shown.y);
  }
  const ImVec2 point(origin.x + std::clamp(share_of(latent[0]) * shown.x, kDot, shown.x - kDot),
                     origin.y + std::clamp(share_of(-latent[1]) * shown.y, kDot, shown.y - kDot));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircleFilled(point, kDot, IM_COL32(0, 0, 0, 255));
  list.AddCircleFilled(point, kDot - 1.5f, accent_color());
}

void ExplorePanel::poll() {
  const Shape& image = workspace_.network().image;
  if (manifold_decoder_ && manifold_decoder_->poll()) {
    manifold_.set(manifold_decoder_->images(), image, manifold_side(), 0);
    page_wake();
  }
  classes_.poll();
  dials_.poll();
  if (decoder_.poll()) view_.set(decoder_.images(), image, 1, 0);
}

}  // namespace pumice::web
