// What InterpolatePanel shows: A, the animation, B, and the strip of frames.
#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "web/drawing/items.h"
#include "web/drawing/layout.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/panels/interpolate.h"

namespace pumice::web {
namespace {

constexpr uint32_t kStripColumns = 16;
constexpr uint32_t kNarrowColumns = 8;  // in a window as narrow as a phone's
constexpr uint32_t kStripRows = 3;      // long paths have more columns
constexpr float kStripGap = 12;
constexpr float kEndShare = 0.36f;  // the side of A and B, relative to the player's

}  // namespace

uint32_t InterpolatePanel::strip_columns() const {
  const uint32_t usual = is_narrow() ? kNarrowColumns : kStripColumns;
  const auto frames = static_cast<uint32_t>(frames_of_path());
  return std::min(frames, std::max(usual, (frames + kStripRows - 1) / kStripRows));
}

void InterpolatePanel::draw_stage() {
  if (strip_.empty()) return;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const auto columns = static_cast<float>(strip_columns());
  const float rows = std::ceil(static_cast<float>(strip_.count()) / columns);
  const float strip =
      (is_low() ? 0 : rows * room.x / columns) + ImGui::GetFrameHeightWithSpacing() + 16;
  const bool is_upright = room.x < room.y;  // A and B side by side below the player
  const float wide = is_upright ? room.x : (room.x - 2 * kStripGap) / (1 + 2 * kEndShare);
  const float high = room.y - std::min(strip, 0.35f * room.y);
  const float side = std::max(140.0f, std::min(wide, is_upright ? high / (1 + kEndShare) : high));
  if (!is_upright) draw_end(0, kEndShare * side), ImGui::SameLine(0, kStripGap);
  draw_player(side);
  if (!is_upright) ImGui::SameLine(0, kStripGap);
  if (is_upright) draw_end(0, kEndShare * side), ImGui::SameLine(0, kStripGap);
  draw_end(1, kEndShare * side);
  draw_frames();
}

void InterpolatePanel::draw_end(size_t slot, float side) {
  const uint32_t frame_index = slot == 0 ? 0 : std::min(frame_of(stops() - 1), strip_.count() - 1);
  const char* label = slot == 0 ? "A" : "B";
  ImGui::BeginGroup();
  const std::string origin = workspace_.slots[slot].origin;
  if (strip_.draw_one(label, frame_index, side)) workspace_.slots[slot] = workspace_.next_slot();
  note_item(ImGui::GetItemID(), Role::kButton, fmt::format("{}: {}; another", label, origin));
  const ImVec2 from = ImGui::GetItemRectMin();
  if (ImGui::IsItemHovered()) {
    frame(from, ImGui::GetItemRectMax(), accent_color());
    ImGui::SetTooltip("%s. Click for another.", origin.c_str());
  }
  badge(from, label);
  ImGui::EndGroup();
}

void InterpolatePanel::draw_player(float side) {
  const auto nearest = static_cast<uint32_t>(std::lround(playback_.position));
  // On a slow device it is of a place passed long ago.
  const bool is_live = std::abs(live_at_ - playback_.position) <= 1 && !workspace_.device_is_lost;
  if (playback_.is_playing && is_live && !live_view_.empty()) {
    live_view_.draw_one("player", 0, side);
  } else {
    strip_.draw_one("player", std::min(nearest, strip_.count() - 1), side);
  }
}

void InterpolatePanel::draw_frames() {
  const int last = static_cast<int>(strip_.count()) - 1;
  int frame_index = std::clamp(static_cast<int>(std::lround(playback_.position)), 0, last);
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  if (ImGui::SliderInt("##frame", &frame_index, 0, last, "frame %d")) show_frame(frame_index);
  if (!is_low()) draw_strip(static_cast<uint32_t>(frame_index));
}

// With the way-points numbered.
void InterpolatePanel::draw_strip(uint32_t shown) {
  const ImVec2 room = ImGui::GetContentRegionAvail();
  strip_.draw("strip", room.x, std::max(room.y, 40.0f));
  if (const auto clicked = strip_.clicked()) show_frame(static_cast<int>(*clicked));
  const bool is_path = static_cast<int>(strip_.count()) == frames_of_path();  // or the one before
  for (size_t stop = 1; is_path && stop + 1 < stops(); ++stop) {
    badge(strip_.place(frame_of(stop)).Min, fmt::format("{}", stop).c_str(), false);
  }
  const ImRect place = strip_.place(shown);
  frame(place.Min, place.Max, accent_color());
}

}  // namespace pumice::web
