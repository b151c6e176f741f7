#include "web/panels/encode.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "web/drawing/layout.h"
#include "web/page/browser.h"

namespace pumice::web {
namespace {

constexpr float kLargestSide = 320;
constexpr float kBrushShare = 1 / 20.0f;  // of the image's width: the radius of MNIST's strokes

}  // namespace

EncodePanel::EncodePanel(Workspace& workspace)
    : workspace_(workspace),
      encoder_(*workspace.device, *workspace.networks, 1),
      decoder_(workspace, 1) {
  clear();
  is_new_ = false;
  drawn_.describe("drawing paper, or the image chosen");
  copy_.describe("the model's reconstruction");
}

void EncodePanel::clear() {
  const Shape& image = workspace_.network().image;
  paper_.assign(image.size(), 0);
  origin_ = "drawn";
  drawn_.set(paper_, image, 1, 0);
  is_new_ = true;
}

// Turns black on white into white on black, the form of MNIST's digits.
void EncodePanel::invert() {
  for (float& value : paper_) value = 1 - value;
  drawn_.set(paper_, workspace_.network().image, 1, 0);
  is_new_ = true;
}

void EncodePanel::take_image(const std::string& file_name, std::vector<float> values) {
  require(values.size() == paper_.size(), "{}: expected an image of {} numbers, got {}", file_name,
          paper_.size(), values.size());
  paper_ = std::move(values);
  origin_ = file_name;
  drawn_.set(paper_, workspace_.network().image, 1, 0);
  is_new_ = true;
}

void EncodePanel::request() {
  if (!is_new_ || moments_ || workspace_.device_is_lost) return;
  moments_ = encoder_.start_encode(paper_, workspace_.labels(1));
  is_new_ = false;
}

void EncodePanel::draw() {
  ImGui::TextWrapped(
      "Draw on the left, or drop a PNG or JPEG on the page; the right shows the model's "
      "reconstruction.");
  draw_buttons();
  float side = std::min(kLargestSide, (ImGui::GetContentRegionAvail().x - 8) / 2);
  draw_paper(side);
  ImGui::SameLine();
  copy_.draw("copy", side, side);
}

void EncodePanel::draw_buttons() {
  if (ImGui::Button("Clear")) clear();
  if (flow_button("Invert")) invert();
  if (flow_button("Choose an image")) page_choose_file();
  std::span<const float> latent = decoder_.latents();
  if (latent.empty()) return;
  for (size_t i = 0; i < 2; ++i) {
    if (flow_button(i == 0 ? "Use as A" : "Use as B")) {
      workspace_.slots[i] = {{latent.begin(), latent.end()}, std::nullopt, origin_};
    }
  }
  if (flow_button("Explore from here")) workspace_.latent.assign(latent.begin(), latent.end());
  if (flow_button("Save PNG")) copy_.save_png(workspace_.model + "-reconstruction.png");
}

void EncodePanel::draw_paper(float side) {
  ImVec2 origin = ImGui::GetCursorScreenPos();
  drawn_.draw("paper", side, side);
  ImVec2 shown = ImGui::GetItemRectSize();
  ImGui::GetWindowDrawList()->AddRect(origin, ImVec2(origin.x + shown.x, origin.y + shown.y),
                                      ImGui::GetColorU32(ImGuiCol_Border));
  if (!ImGui::IsItemActive()) return;
  const ImGuiIO& io = ImGui::GetIO();
  // Draws along the mouse's path since the last frame, so that fast strokes have no gaps.
  constexpr int kDots = 8;
  auto columns = static_cast<float>(drawn_.width());
  for (int i = 1; i <= kDots; ++i) {
    float share = 1 - static_cast<float>(i) / kDots;
    float x = io.MousePos.x - share * io.MouseDelta.x - origin.x;
    float y = io.MousePos.y - share * io.MouseDelta.y - origin.y;
    paint(x / shown.x * columns, y / shown.x * columns);
  }
  drawn_.set(paper_, workspace_.network().image, 1, 0);
}

// A round dot whose edge fades over one pixel.
void EncodePanel::paint(float column, float row) {
  const Shape& image = workspace_.network().image;
  float radius = std::max(1.0f, static_cast<float>(image[1]) * kBrushShare);
  for (size_t i = 0; i < paper_.size(); ++i) {
    size_t pixel = i / image[2];
    float x = static_cast<float>(pixel % image[1]) + 0.5f - column;
    float y = static_cast<float>(pixel / image[1]) + 0.5f - row;
    float ink = std::clamp(radius + 0.5f - std::hypot(x, y), 0.0f, 1.0f);
    paper_[i] = std::max(paper_[i], ink);
  }
  is_new_ = true;
}

void EncodePanel::poll() {
  if (moments_ && moments_->ready()) {
    decoder_.request(to_floats(moments_->take(), workspace_.network().latent_size));
    moments_.reset();
    page_wake();  // for strokes drawn in the meantime
  }
  if (decoder_.poll()) copy_.set(decoder_.images(), workspace_.network().image, 1, 0);
}

}  // namespace pumice::web
