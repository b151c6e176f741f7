#include "web/panels/interpolate.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "engine/nn/latents.h"
#include "web/browser.h"
#include "web/layout.h"

namespace pumice::web {
namespace {

constexpr int kMostFrames = 60;
constexpr float kPlayerSide = 240;
constexpr uint32_t kStripColumns = 16;
constexpr int kGifScale = 8;

// A frame, each pixel enlarged to a square, appended as RGBA.
void append_enlarged(std::span<const float> values, const Shape& picture,
                     std::vector<uint8_t>& rgba) {
  const int height = static_cast<int>(picture[0]) * kGifScale;
  const int width = static_cast<int>(picture[1]) * kGifScale;
  const auto channels = static_cast<int>(picture[2]);
  for (int i = 0; i < width * height; ++i) {
    int pixel = i / width / kGifScale * (width / kGifScale) + i % width / kGifScale;
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
  request_missing();
  advance();
  draw_player();
}

// So that the tab shows something at once.
void InterpolatePanel::fill_empty_slots() {
  for (uint32_t i = 0; i < 2; ++i) {
    if (!workspace_.slots[i].latent.empty()) continue;
    workspace_.slots[i] = {
        nn::normal_latents(workspace_.seed, i, 1, workspace_.network().latent_size),
        fmt::format("seed {}, sample {}", workspace_.seed, i)};
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
  if (flow_button("Save GIF")) save_gif();
}

void InterpolatePanel::draw_path() {
  int spherical = spherical_ ? 1 : 0;
  ImGui::RadioButton("linear", &spherical, 0);
  ImGui::SameLine();
  ImGui::RadioButton("spherical", &spherical, 1);
  spherical_ = spherical == 1;
  flow(180);
  ImGui::SetNextItemWidth(120);
  ImGui::SliderInt("frames", &frames_, 2, kMostFrames);
  if (ImGui::Button(playing_ ? "Pause" : "Play")) playing_ = !playing_;
  ImGui::SameLine();
  ImGui::Checkbox("loop", &loops_);
  flow(190);
  ImGui::SetNextItemWidth(120);
  ImGui::SliderFloat("frames/s", &speed_, 1, 60, "%.0f");
}

void InterpolatePanel::request_missing() {
  Wanted wanted{workspace_.slots[0].latent, workspace_.slots[1].latent, frames_, spherical_};
  if (requested_ == wanted) return;
  auto count = static_cast<uint32_t>(frames_);
  if (!decoder_ || decoder_->batch() != count) {
    decoder_ = std::make_unique<Decoder>(workspace_, count);
  }
  decoder_->request(nn::interpolate(wanted.from, wanted.to, count, spherical_));
  requested_ = std::move(wanted);
}

void InterpolatePanel::advance() {
  if (!playing_) return;
  position_ += ImGui::GetIO().DeltaTime * speed_;
  const auto end = static_cast<float>(frames_);
  if (position_ < end) return;
  position_ = loops_ ? std::fmod(position_, end) : end - 1;
  playing_ = loops_;
}

void InterpolatePanel::draw_player() {
  if (strip_.empty()) return;
  int frame = std::min(static_cast<int>(position_), frames_ - 1);
  float side = std::min(kPlayerSide, ImGui::GetContentRegionAvail().x);
  strip_.draw_one(static_cast<uint32_t>(frame), side);
  ImGui::SetNextItemWidth(side);
  if (ImGui::SliderInt("##frame", &frame, 0, frames_ - 1, "frame %d")) {
    position_ = static_cast<float>(frame);
    playing_ = false;
  }
  ImVec2 room = ImGui::GetContentRegionAvail();
  if (auto clicked = strip_.draw("strip", room.x, std::max(room.y, 40.0f))) {
    position_ = static_cast<float>(*clicked);
    playing_ = false;
  }
}

void InterpolatePanel::save_gif() const {
  if (!decoder_ || decoder_->pictures().empty()) return;
  const Shape& picture = workspace_.network().picture;
  std::span<const float> pictures = decoder_->pictures();
  std::vector<uint8_t> rgba;
  for (size_t at = 0; at < pictures.size(); at += picture.size()) {
    append_enlarged(pictures.subspan(at, picture.size()), picture, rgba);
  }
  std::string name = workspace_.model + ".gif";
  page_save_gif(rgba.data(), static_cast<int>(picture[1]) * kGifScale,
                static_cast<int>(picture[0]) * kGifScale,
                static_cast<int>(pictures.size() / picture.size()), 1000 / speed_, name.c_str());
}

void InterpolatePanel::poll() {
  if (!decoder_ || !decoder_->poll()) return;
  uint32_t columns = std::min(kStripColumns, decoder_->batch());
  strip_.set(decoder_->pictures(), workspace_.network().picture, columns);
}

}  // namespace pumice::web
