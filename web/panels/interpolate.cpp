#include "web/panels/interpolate.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/models/latents.h"
#include "web/drawing/items.h"
#include "web/drawing/layout.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"
#include "web/panels/save_animation.h"

namespace pumice::web {
namespace {

constexpr float kStripGap = 12;
constexpr float kEndShare = 0.36f;  // the side of A and B, relative to the player's
constexpr uint32_t kStripColumns = 16;
constexpr uint32_t kNarrowColumns = 8;  // in a window as narrow as a phone's

// The latent at a position between two of `latents` [frames, size]; empty if there are none.
std::vector<float> between_frames(std::span<const float> latents, uint32_t size, float position) {
  const size_t count = latents.size() / size;
  if (count == 0) return {};
  const auto before = std::min(static_cast<size_t>(position), count - 1);
  const size_t after = std::min(before + 1, count - 1);
  const float share = std::clamp(position - static_cast<float>(before), 0.0f, 1.0f);
  std::vector<float> point;
  for (size_t i = 0; i < size; ++i) {
    point.push_back((1 - share) * latents[before * size + i] + share * latents[after * size + i]);
  }
  return point;
}

}  // namespace

InterpolatePanel::InterpolatePanel(Workspace& workspace)
    : workspace_(workspace), live_(workspace, 1, Decoder::Purpose::kAside) {
  strip_.describe("frame", "from A to B");
  live_view_.describe("animation");
}

Panel::Explanation InterpolatePanel::explanation() const {
  return {"what is spherical?",
          "Latents of many numbers lie close to a sphere. The straight line between two of them "
          "cuts through its inside, where images are vague; the spherical path keeps to the "
          "sphere, along the arc."};
}

void InterpolatePanel::draw() {
  fill_empty_slots();
  draw_slot_buttons();
  if (!is_narrow()) draw_path();
  advance();
  draw_stage();
}

// So that the tab immediately shows something.
void InterpolatePanel::fill_empty_slots() {
  for (uint32_t i = 0; i < 2; ++i) {
    if (!workspace_.slots[i].latent.empty()) continue;
    workspace_.slots[i] = slot_of({.seed = workspace_.seed, .index = i, .truncation = 1},
                                  workspace_.network().latent_size);
  }
}

void InterpolatePanel::draw_slot_buttons() {
  bool& plays = playback_.is_playing;
  if (main_button(plays ? "Pause" : "Play")) plays = !plays;
  more_buttons([&] { draw_uses(); });
}

void InterpolatePanel::draw_uses() {
  if (is_narrow()) draw_path();
  if (flow_button("Swap")) std::swap(workspace_.slots[0], workspace_.slots[1]);
  if (flow_button("New A and B")) {
    for (Slot& slot : workspace_.slots) slot = workspace_.next_slot();
  }
  if (flow_button("Save PNG")) strip_.save_png(workspace_.model + "-strip.png");
  if (flow_button("Save GIF")) wants_gif_ = true;
}

void InterpolatePanel::draw_path() {
  Path& path = workspace_.path;
  int spherical = path.spherical ? 1 : 0;
  ImGui::RadioButton("spherical", &spherical, 1);
  ImGui::SameLine();
  ImGui::RadioButton("straight", &spherical, 0);
  path.spherical = spherical == 1;
  flow(180);
  ImGui::SetNextItemWidth(140);
  int ending = static_cast<int>(path.ending);
  ImGui::Combo("at B", &ending, "stop\0start again\0wander on\0go back\0");
  path.ending = static_cast<Ending>(ending);
  flow(170);
  ImGui::SetNextItemWidth(110);
  ImGui::SliderInt("frames", &path.frames, 2, most_frames());
  path.frames = std::clamp(path.frames, 2, most_frames());  // typed numbers may be out of range
  flow(190);
  ImGui::SetNextItemWidth(110);
  ImGui::SliderFloat("frames/s", &path.speed, 1, 60, "%.0f");
  path.speed = std::clamp(path.speed, 1.0f, 60.0f);
}

int InterpolatePanel::most_frames() const {
  return std::clamp(static_cast<int>(workspace_.most_images()), 2, kMostFrames);
}

void InterpolatePanel::request() {
  if (std::exchange(wants_gif_, false)) save_gif();
  request_strip();
  request_live();
}

void InterpolatePanel::request_strip() {
  const Path& path = workspace_.path;
  Wanted wanted{workspace_.slots[0].latent, workspace_.slots[1].latent, path.frames,
                path.spherical};
  if (requested_ == wanted) return;
  auto count = static_cast<uint32_t>(path.frames);
  if (!decoder_ || decoder_->batch() != count) {
    decoder_ = std::make_unique<Decoder>(workspace_, count);
  }
  decoder_->request(models::interpolate(wanted.from, wanted.to, count, path.spherical));
  requested_ = std::move(wanted);
}

// The image at the present position. While it plays, the next is requested when one has arrived.
void InterpolatePanel::request_live() {
  if (!playback_.is_playing || waits_ || !decoder_ || decoder_->is_busy()) return;
  const bool is_late = live_.is_busy() || workspace_.device_is_lost;
  workspace_.next_frame = is_late ? 1000 / workspace_.path.speed : 1;
  if (is_late) return;
  std::vector<float> point =
      between_frames(decoder_->latents(), workspace_.network().latent_size, playback_.position);
  if (point.empty() || point == live_wanted_) return;
  live_.request(point);
  live_wanted_ = std::move(point);
}

void InterpolatePanel::advance() {
  if (!playback_.is_playing) {
    advanced_at_ = -1;
    return;
  }
  const double now = page_now();
  const double before = std::exchange(advanced_at_, now);
  if (before < 0 || waits_) return;
  const auto passed = static_cast<float>((now - before) / 1000) * workspace_.path.speed;
  if (!playback_.advance(passed, workspace_.path.frames, workspace_.path.ending)) return;
  waits_ = true;
  workspace_.slots[0] = std::move(workspace_.slots[1]);
  workspace_.slots[1] = workspace_.next_slot();
}

void InterpolatePanel::show_frame(int frame) {
  playback_ = {.is_playing = false, .position = static_cast<float>(frame)};
}

void InterpolatePanel::draw_stage() {
  if (strip_.empty()) return;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const float columns = is_narrow() ? kNarrowColumns : kStripColumns;
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
  const uint32_t frame_index = slot == 0 ? 0 : strip_.count() - 1;
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
  if (playback_.is_playing && !live_view_.empty()) {
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
  if (is_low()) return;
  const ImVec2 room = ImGui::GetContentRegionAvail();
  strip_.draw("strip", room.x, std::max(room.y, 40.0f));
  if (const auto clicked = strip_.clicked()) show_frame(static_cast<int>(*clicked));
  const ImRect place = strip_.place(static_cast<uint32_t>(frame_index));
  frame(place.Min, place.Max, accent_color());
}

void InterpolatePanel::save_gif() const {
  if (!decoder_ || decoder_->images().empty()) return;
  save_animation(decoder_->images(), workspace_.network().image, workspace_.path,
                 workspace_.model + ".gif");
}

void InterpolatePanel::decode_anew() {
  requested_.reset();
  live_wanted_.clear();
}

void InterpolatePanel::poll() {
  if (live_.poll()) {
    live_view_.set(live_.images(), workspace_.network().image, 1, 0);
    page_wake();
  }
  if (!decoder_ || !decoder_->poll()) return;
  uint32_t columns = std::min(is_narrow() ? kNarrowColumns : kStripColumns, decoder_->batch());
  strip_.set(decoder_->images(), workspace_.network().image, columns);
  if (std::exchange(waits_, false)) playback_.position = 0;
}

}  // namespace pumice::web
