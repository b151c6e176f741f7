#include "web/panels/interpolate.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/models/latents.h"
#include "web/drawing/layout.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr float kLargestPlayer = 420;
constexpr float kStripRoom = 140;  // below the player, with its slider
constexpr uint32_t kStripColumns = 16;
constexpr uint32_t kNarrowColumns = 8;  // in a window as narrow as a phone's
constexpr int kMostGifScale = 8;
constexpr int kGifSide = 512;  // pixels; the largest side after enlarging

// The factor by which small images are enlarged.
int gif_scale(const Shape& image) {
  const auto side = static_cast<int>(std::max(image[0], image[1]));
  return std::clamp(kGifSide / side, 1, kMostGifScale);
}

// Appends a frame as RGBA, with each pixel enlarged to a square of side `scale`.
void append_enlarged(std::span<const float> values, const Shape& image, int scale,
                     std::vector<uint8_t>& rgba) {
  const int height = static_cast<int>(image[0]) * scale;
  const int width = static_cast<int>(image[1]) * scale;
  const auto channels = static_cast<int>(image[2]);
  for (int i = 0; i < width * height; ++i) {
    int pixel = i / width / scale * (width / scale) + i % width / scale;
    for (int c = 0; c < 3; ++c) {
      float value = values[static_cast<size_t>(pixel * channels + (channels == 1 ? 0 : c))];
      rgba.push_back(static_cast<uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255)));
    }
    rgba.push_back(255);
  }
}

}  // namespace

void InterpolatePanel::draw() {
  fill_empty_slots();
  draw_slots();
  draw_path();
  advance();
  draw_player();
}

// So that the tab immediately shows something.
void InterpolatePanel::fill_empty_slots() {
  for (uint32_t i = 0; i < 2; ++i) {
    if (!workspace_.slots[i].latent.empty()) continue;
    workspace_.slots[i] = slot_of({.seed = workspace_.seed, .index = i, .truncation = 1},
                                  workspace_.network().latent_size);
  }
}

void InterpolatePanel::draw_slots() {
  ImGui::TextWrapped("A: %s     B: %s", workspace_.slots[0].origin.c_str(),
                     workspace_.slots[1].origin.c_str());
  if (ImGui::Button("Swap")) std::swap(workspace_.slots[0], workspace_.slots[1]);
  if (flow_button("New A and B")) {
    ++workspace_.seed;
    workspace_.slots = {};
    fill_empty_slots();
  }
  if (flow_button("Save PNG")) strip_.save_png(workspace_.model + "-strip.png");
  if (flow_button("Save GIF")) wants_gif_ = true;
}

void InterpolatePanel::draw_path() {
  Path& path = workspace_.path;
  int spherical = path.spherical ? 1 : 0;
  ImGui::RadioButton("linear", &spherical, 0);
  ImGui::SameLine();
  ImGui::RadioButton("spherical", &spherical, 1);
  path.spherical = spherical == 1;
  flow(180);
  ImGui::SetNextItemWidth(120);
  ImGui::SliderInt("frames", &path.frames, 2, most_frames());
  path.frames = std::clamp(path.frames, 2, most_frames());  // typed numbers may be out of range
  if (ImGui::Button(playing_ ? "Pause" : "Play")) playing_ = !playing_;
  ImGui::SameLine();
  ImGui::SetNextItemWidth(110);
  int ending = static_cast<int>(path.ending);
  ImGui::Combo("at B", &ending, "stop\0loop\0wander on\0");
  path.ending = static_cast<Ending>(ending);
  flow(190);
  ImGui::SetNextItemWidth(120);
  ImGui::SliderFloat("frames/s", &path.speed, 1, 60, "%.0f");
  path.speed = std::clamp(path.speed, 1.0f, 60.0f);
}

int InterpolatePanel::most_frames() const {
  return std::clamp(static_cast<int>(workspace_.most_images()), 2, kMostFrames);
}

void InterpolatePanel::request() {
  if (std::exchange(wants_gif_, false)) save_gif();
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

void InterpolatePanel::advance() {
  if (!playing_) {
    advanced_at_ = -1;
    return;
  }
  const double now = page_now();
  const double before = std::exchange(advanced_at_, now);
  workspace_.next_frame = 1000 / workspace_.path.speed;
  if (before < 0 || waits_) return;
  position_ += static_cast<float>((now - before) / 1000) * workspace_.path.speed;
  if (position_ >= static_cast<float>(workspace_.path.frames)) arrive();
}

void InterpolatePanel::arrive() {
  const auto end = static_cast<float>(workspace_.path.frames);
  if (workspace_.path.ending == Ending::kLoop) {
    position_ = std::fmod(position_, end);
    return;
  }
  position_ = end - 1;
  if (workspace_.path.ending == Ending::kStop) {
    playing_ = false;
    return;
  }
  waits_ = true;
  workspace_.slots[0] = std::move(workspace_.slots[1]);
  workspace_.slots[1] =
      slot_of({workspace_.seed, next_sample_++, 1}, workspace_.network().latent_size);
}

void InterpolatePanel::show_frame(int frame) {
  position_ = static_cast<float>(frame);
  playing_ = false;
}

void InterpolatePanel::draw_player() {
  if (strip_.empty()) return;
  const int last = static_cast<int>(decoder_->batch()) - 1;
  int frame = std::min(static_cast<int>(position_), last);
  ImVec2 room = ImGui::GetContentRegionAvail();
  float side = std::min({kLargestPlayer, room.x, std::max(room.y - kStripRoom, 160.0f)});
  strip_.draw_one(static_cast<uint32_t>(frame), side);
  ImGui::SetNextItemWidth(side);
  if (ImGui::SliderInt("##frame", &frame, 0, last, "frame %d")) show_frame(frame);
  room = ImGui::GetContentRegionAvail();
  auto clicked = strip_.draw("strip", room.x, std::max(room.y, 40.0f));
  if (clicked) show_frame(static_cast<int>(*clicked));
}

void InterpolatePanel::save_gif() const {
  if (!decoder_ || decoder_->images().empty()) return;
  const Shape& image = workspace_.network().image;
  std::span<const float> images = decoder_->images();
  const int scale = gif_scale(image);
  std::vector<uint8_t> rgba;
  for (size_t at = 0; at < images.size(); at += image.size()) {
    append_enlarged(images.subspan(at, image.size()), image, scale, rgba);
  }
  std::string name = workspace_.model + ".gif";
  page_save_gif(rgba.data(), static_cast<int>(image[1]) * scale, static_cast<int>(image[0]) * scale,
                static_cast<int>(images.size() / image.size()), 1000 / workspace_.path.speed,
                name.c_str());
}

void InterpolatePanel::poll() {
  if (!decoder_ || !decoder_->poll()) return;
  const bool is_narrow = ImGui::GetIO().DisplaySize.x < kNarrowWindow;
  uint32_t columns = std::min(is_narrow ? kNarrowColumns : kStripColumns, decoder_->batch());
  strip_.set(decoder_->images(), workspace_.network().image, columns);
  if (std::exchange(waits_, false)) position_ = 0;
}

}  // namespace pumice::web
