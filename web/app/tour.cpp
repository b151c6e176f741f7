#include "web/app/tour.h"

#include <imgui.h>

#include <algorithm>
#include <array>

#include "web/drawing/layout.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"
#include "web/state/workspace.h"

namespace pumice::web {
namespace {

constexpr double kStepTime = 5000;  // milliseconds
constexpr double kFrameTime = 100;  // of the bar
constexpr float kTourGap = 20;

struct Step {
  const char* tab;  // steps whose tab is missing are left out
  const char* sentence;
};
constexpr std::array<Step, 6> kSteps = {{
    {"Sample",
     "The model draws each of these images from a short list of random numbers, its latent."},
    {"Explore", "Here you hold one latent. Drag a dial, and see what it does to the image."},
    {"Map",
     "Similar images have similar latents. Point at a place to see what the model draws there."},
    {"Interpolate", "The way from one latent to another passes through images, too."},
    {"Encode", "Draw something: the encoder finds its latent, and the model draws it again."},
    {"Sample", "All of this is computed on your machine. The address is a link to what you see."},
}};

bool is_there(const Step& step, const std::vector<std::string>& tabs) {
  return std::ranges::find(tabs, step.tab) != tabs.end();
}

// The buttons follow on the same line where there is room.
void draw_sentence(const char* sentence) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextWrapped("%s", sentence);
  if (!is_narrow()) ImGui::SameLine(0, kTourGap);
}

}  // namespace

Tour::Tour() : state_(page_knows_tour() != 0 ? State::kOver : State::kOffered) {}

void Tour::begin() {
  state_ = State::kUnderWay;
  to_step(0);
}

void Tour::skip() {
  if (state_ == State::kOver) return;
  state_ = State::kOver;
  page_end_tour();
}

void Tour::to_step(size_t step) {
  step_ = step;
  began_ = page_now();
  is_new_ = true;
}

const char* Tour::draw(const std::vector<std::string>& tabs) {
  is_drawn_ = state_ != State::kOver && !tabs.empty() && !is_low();
  if (!is_drawn_) return nullptr;
  if (state_ == State::kUnderWay) {
    const bool is_over = page_now() - began_ > kStepTime && !reduces_motion();
    if (is_over) to_step(step_ + 1);
    while (step_ < kSteps.size() && !is_there(kSteps[step_], tabs)) to_step(step_ + 1);
    if (step_ == kSteps.size()) skip();
    if (state_ == State::kOver) return nullptr;
  }
  ImGui::PushStyleColor(ImGuiCol_ChildBg, card_color());
  ImGui::BeginChild("tour", ImVec2(0, 0), ImGuiChildFlags_Border | ImGuiChildFlags_AutoResizeY);
  ImGui::PopStyleColor();
  const bool is_under_way = state_ == State::kUnderWay;
  const Step step = kSteps[step_];
  const bool is_new = is_under_way && std::exchange(is_new_, false);
  if (is_under_way) {
    draw_step(step.sentence);
  } else {
    draw_offer();
  }
  ImGui::EndChild();
  return is_new ? step.tab : nullptr;
}

void Tour::draw_offer() {
  draw_sentence("New here? A tour of half a minute shows what you can do.");
  if (main_button("Start the tour")) begin();
  if (flow_button("No, thanks")) skip();
}

void Tour::draw_step(const char* sentence) {
  draw_sentence(sentence);
  if (main_button("Next")) to_step(step_ + 1);
  if (flow_button("End the tour")) skip();
  if (reduces_motion()) return;
  const auto passed = static_cast<float>((page_now() - began_) / kStepTime);
  const ImVec2 from = ImGui::GetWindowPos();
  const float width = ImGui::GetWindowWidth() * std::clamp(passed, 0.0f, 1.0f);
  ImGui::GetWindowDrawList()->AddRectFilled(from, ImVec2(from.x + width, from.y + 3),
                                            accent_color());
}

double Tour::next_frame() const {
  return is_drawn_ && state_ == State::kUnderWay && !reduces_motion() ? kFrameTime : -1;
}

}  // namespace pumice::web
