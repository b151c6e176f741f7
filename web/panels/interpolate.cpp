#include "web/panels/interpolate.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "web/drawing/layout.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr int kMostOfPath = 240;  // frames

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
          "sphere, along the arc.",
          Picture::kPaths};
}

void InterpolatePanel::draw() {
  fill_empty_slots();
  draw_slot_buttons();
  if (!is_narrow()) draw_path();
  // From an address, typed, or of a path that had fewer stops.
  workspace_.path.frames = std::clamp(workspace_.path.frames, 2, most_frames());
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
    workspace_.way_points.clear();
  }
  draw_way_points();
  if (flow_button("Save PNG")) strip_.save_png(workspace_.model + "-strip.png");
  if (flow_button("Save GIF")) wanted_file_ = Saved::kGif;
  if (flow_button("Save video")) wanted_file_ = Saved::kVideo;
}

void InterpolatePanel::draw_way_points() {
  std::vector<Slot>& all = workspace_.way_points;
  ImGui::BeginDisabled(all.size() >= kMostWayPoints);
  if (flow_button("Add way-point")) all.push_back(workspace_.next_slot());
  ImGui::EndDisabled();
  if (!all.empty() && flow_button("Remove way-point")) all.pop_back();
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
  ImGui::Combo("at B", &ending, "stop\0start again\0wander on\0go back\0return to A\0");
  path.ending = static_cast<Ending>(ending);
  flow(170);
  ImGui::SetNextItemWidth(110);
  ImGui::SliderInt("frames", &path.frames, 2, most_frames());
  flow(190);
  ImGui::SetNextItemWidth(110);
  ImGui::SliderFloat("frames/s", &path.speed, 1, 60, "%.0f");
  path.speed = std::clamp(path.speed, 1.0f, 60.0f);
}

int InterpolatePanel::most_frames() const {
  const int most = std::min(static_cast<int>(workspace_.most_images()), kMostOfPath);
  const auto legs = static_cast<int>(stops());  // at most
  return std::clamp(most / legs + 1, 2, kMostFrames);
}

int InterpolatePanel::frames_of_path() const {
  return path_frames(stops(), workspace_.path.frames, workspace_.path.ending);
}

uint32_t InterpolatePanel::frame_of(size_t stop) const {
  return static_cast<uint32_t>(stop) * static_cast<uint32_t>(workspace_.path.frames - 1);
}

void InterpolatePanel::request() {
  if (wanted_file_) save();
  request_strip();
  request_live();
}

void InterpolatePanel::request_strip() {
  const Path& path = workspace_.path;
  Wanted wanted{workspace_.stops(), path.frames, path.spherical, path.ending == Ending::kTour};
  if (requested_ == wanted) return;
  const auto count = static_cast<uint32_t>(frames_of_path());
  if (!decoder_ || decoder_->batch() != count) {
    decoder_ = std::make_unique<Decoder>(workspace_, count);
  }
  decoder_->request(path_latents(wanted.stops, workspace_.latent.size(), path));
  requested_ = std::move(wanted);
}

// The image at the present position. While it plays, the next is requested when one has arrived.
void InterpolatePanel::request_live() {
  if (!playback_.is_playing || waits_ || !decoder_ || decoder_->is_busy()) return;
  const bool is_late = live_.is_busy() || workspace_.device_is_lost;
  workspace_.next_frame = is_late ? 1000 / workspace_.path.speed : 1;
  if (is_late) return;
  std::vector<float> point = between_frames(decoder_->latents(), workspace_.latent.size(),
                                            playback_.position, workspace_.path.ending);
  if (point.empty() || point == live_wanted_) return;
  live_.request(point);
  live_wanted_ = std::move(point);
  live_wanted_at_ = playback_.position;
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
  if (!playback_.advance(passed, frames_of_path(), workspace_.path.ending)) return;
  waits_ = true;
  workspace_.slots[0] = std::move(workspace_.slots[1]);
  workspace_.slots[1] = workspace_.next_slot();
  workspace_.way_points.clear();
}

void InterpolatePanel::show_frame(int frame) {
  playback_ = {.is_playing = false, .position = static_cast<float>(frame)};
}

void InterpolatePanel::save() {
  const Saved kind = *std::exchange(wanted_file_, std::nullopt);
  if (!decoder_ || decoder_->images().empty()) return;
  save_animation(decoder_->images(), workspace_.network().image, workspace_.path, kind,
                 workspace_.model);
}

void InterpolatePanel::decode_anew() {
  requested_.reset();
  live_wanted_.clear();
}

void InterpolatePanel::poll() {
  if (live_.poll()) {
    live_view_.set(live_.images(), workspace_.network().image, 1, 0);
    live_at_ = live_wanted_at_;
    page_wake();
  }
  if (!decoder_ || !decoder_->poll()) return;
  strip_.set(decoder_->images(), workspace_.network().image, strip_columns());
  if (std::exchange(waits_, false)) playback_.position = 0;
}

}  // namespace pumice::web
