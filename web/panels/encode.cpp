#include "web/panels/encode.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>

#include "web/drawing/layout.h"
#include "web/drawing/pointer.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"
#include "web/panels/moments.h"
#include "web/panels/shared_buttons.h"

namespace pumice::web {
namespace {

constexpr float kEncodeGap = 20;
constexpr float kMomentsHeight = 76;
constexpr float kPenShare = 1 / 20.0f;  // of the image's width: the radius of MNIST's strokes

// Words in the middle of an empty frame.
void draw_hint(ImVec2 origin, ImVec2 size, const char* words) {
  const float width = size.x - 40;
  const ImVec2 text = ImGui::CalcTextSize(words, nullptr, false, width);
  const ImVec2 at(origin.x + (size.x - text.x) / 2, origin.y + (size.y - text.y) / 2);
  ImGui::GetWindowDrawList()->AddText(ImGui::GetFont(), ImGui::GetFontSize(), at,
                                      IM_COL32(190, 198, 208, 255), words, nullptr, width);
}

}  // namespace

EncodePanel::EncodePanel(Workspace& workspace)
    : workspace_(workspace),
      encoder_(*workspace.device, *workspace.networks, 1),
      decoder_(workspace, 1),
      examples_(workspace, 1, Decoder::Purpose::kAside),
      paper_(workspace.network().image),
      pen_(std::max(1.0f, static_cast<float>(workspace.network().image[1]) * kPenShare)),
      classes_(workspace) {
  drawn_.set(paper_.values(), workspace.network().image, 1, 0);
  drawn_.describe("drawing paper, or the image opened");
  copy_.describe("the model's version");
}

Panel::Explanation EncodePanel::explanation() const {
  return {"what are μ and σ?",
          "The encoder is not sure: for each latent number it gives a mean μ and a standard "
          "deviation σ. A bar is μ, its line σ on both sides.\n\n"
          "A number with μ near 0 and σ near 1 tells nothing about the image: it is as if drawn "
          "at random. The decoder draws from μ.",
          Picture::kMoments};
}

void EncodePanel::changed() {
  drawn_.set(paper_.values(), workspace_.network().image, 1, 0);
  is_new_ = true;
}

void EncodePanel::take_image(const std::string& file_name, std::vector<float> values) {
  require(values.size() == paper_.values().size(), "{}: expected an image of {} numbers, got {}",
          file_name, paper_.values().size(), values.size());
  paper_.set(std::move(values));
  origin_ = file_name;
  changed();
}

void EncodePanel::request() {
  if (readback_ || workspace_.device_is_lost) return;
  if (is_new_) {
    readback_ = encoder_.start_encode(paper_.values(), workspace_.labels(1));
    is_new_ = false;
  }
  if (!decoder_.is_busy()) {
    classes_.request({decoder_.latents().begin(), decoder_.latents().end()});
  }
}

void EncodePanel::draw() {
  draw_tools();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const bool is_upright = room.x < room.y;  // room for a finger on a phone
  const float below = is_low() ? 0          // by scrolling
                               : kMomentsHeight + classes_.height(room.x) +
                                     3 * ImGui::GetTextLineHeightWithSpacing();
  const float wide = is_upright ? room.x : (room.x - kEncodeGap) / 2;
  const float high = is_upright ? 0.6f * room.y : room.y - below;
  draw_paper(std::max(130.0f, std::min(wide, high)));
  const ImVec2 paper = ImGui::GetItemRectSize();
  if (!is_upright) ImGui::SameLine(0, kEncodeGap);
  draw_copy(is_upright ? ImVec2(paper.x / 2, paper.y / 2) : paper);
  const float width = is_upright ? room.x : std::min(room.x, 2 * paper.x + kEncodeGap);
  draw_numbers(width);
  if (!workspace_.moments.empty()) classes_.draw(width);
}

void EncodePanel::draw_tools() {
  if (choice_button("Pen", !erases_)) erases_ = false;
  if (ImGui::SameLine(); choice_button("Eraser", erases_)) erases_ = true;
  flow(190);
  ImGui::SetNextItemWidth(90);
  const auto width = static_cast<float>(workspace_.network().image[1]);
  ImGui::SliderFloat("pen size", &pen_, 0.5f, std::max(1.0f, width / 6), "%.1f");
  draw_history();
  if (flow_button("Clear")) {
    paper_.clear();
    origin_ = "drawn";
    workspace_.moments.clear();
    changed();
  }
  more_buttons([&] {
    draw_sources();
    draw_uses();
  });
}

void EncodePanel::draw_sources() {
  if (flow_button("Invert")) {
    paper_.invert();
    changed();
  }
  if (flow_button("Example")) examples_.request(workspace_.next_slot().latent);
  if (flow_button("Open an image")) page_choose_file();
}

void EncodePanel::draw_history() { undo_buttons(*this, paper_); }

void EncodePanel::draw_uses() {
  const std::span<const float> latent = decoder_.latents();
  ImGui::BeginDisabled(latent.empty());
  if (flow_button("Explore from here")) {
    workspace_.latent.assign(latent.begin(), latent.end());
    workspace_.wanted_tab = "Explore";
  }
  const bool has_map = workspace_.map != nullptr && workspace_.map->has_latents();
  if (has_map && flow_button("Show on the map")) workspace_.wanted_tab = "Map";
  end_buttons(workspace_, [&] {
    return Slot{{latent.begin(), latent.end()}, std::nullopt, origin_};
  });
  if (flow_button("Save PNG")) copy_.save_png(workspace_.model + "-reconstruction.png");
  ImGui::EndDisabled();
}

void EncodePanel::draw_paper(float side) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  drawn_.draw("paper", side, side);
  const ImVec2 shown = ImGui::GetItemRectSize();
  claim_touch();
  const bool is_held = ImGui::IsItemActive();
  if (ImGui::IsItemHovered()) want_cross_cursor();
  if (paper_.is_blank()) draw_hint(origin, shown, "Draw here, or take an example.");
  frame(origin, ImVec2(origin.x + shown.x, origin.y + shown.y), line_color(), 1);
  if (is_held) draw_strokes(origin, shown);
  if (is_drawing_ && !is_held) paper_.end_stroke();
  is_drawing_ = is_held;
}

// Along the mouse's path since the last frame, so that fast strokes have no gaps.
void EncodePanel::draw_strokes(ImVec2 origin, ImVec2 shown) {
  constexpr int kDots = 8;
  const ImGuiIO& io = ImGui::GetIO();
  const float pixels = static_cast<float>(drawn_.width()) / shown.x;
  for (int i = 1; i <= kDots; ++i) {
    const float share = is_drawing_ ? 1 - static_cast<float>(i) / kDots : 0;
    const float x = io.MousePos.x - share * io.MouseDelta.x - origin.x;
    const float y = io.MousePos.y - share * io.MouseDelta.y - origin.y;
    paper_.paint(x * pixels, y * pixels, pen_, erases_);
  }
  changed();
}

void EncodePanel::draw_copy(ImVec2 size) {
  if (!workspace_.moments.empty() && !copy_.empty()) return copy_.draw("copy", size.x, size.y);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 end(origin.x + size.x, origin.y + size.y);
  ImGui::Dummy(size);
  ImGui::GetWindowDrawList()->AddRectFilled(origin, end, IM_COL32(0, 0, 0, 255));
  frame(origin, end, line_color(), 1);
  draw_hint(origin, size, "The model's version appears here.");
}

void EncodePanel::draw_numbers(float width) {
  if (workspace_.moments.empty() || copy_.empty()) return;
  const std::vector<float> copy(decoder_.images().begin(), decoder_.images().end());
  quiet_text(fmt::format("Pixels differ by {:.3f} (root mean square). The largest means μ, with σ:",
                         root_mean_square(paper_.values(), copy)));
  draw_moments(workspace_.moments, ImVec2(width, kMomentsHeight));
}

void EncodePanel::undo() {
  if (paper_.can_undo()) paper_.undo(), changed();
}

void EncodePanel::redo() {
  if (paper_.can_redo()) paper_.redo(), changed();
}

void EncodePanel::decode_anew() {
  is_new_ = !workspace_.moments.empty();
  classes_.decode_anew();
}

void EncodePanel::poll() {
  if (readback_ && readback_->ready()) {
    const uint32_t size = workspace_.network().latent_size;
    workspace_.moments = to_floats(readback_->take(), 2 * size);
    readback_.reset();
    decoder_.request({workspace_.moments.begin(), workspace_.moments.begin() + size});
    if (paper_.is_blank()) workspace_.moments.clear();
    page_wake();  // for strokes drawn in the meantime
  }
  if (examples_.poll()) {
    origin_ = "example";
    paper_.set({examples_.images().begin(), examples_.images().end()});
    changed();
    page_wake();
  }
  if (decoder_.poll()) copy_.set(decoder_.images(), workspace_.network().image, 1, 0);
  classes_.poll();
}

}  // namespace pumice::web
