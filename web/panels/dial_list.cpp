#include "web/panels/dial_list.h"

#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "engine/base/count_of.h"
#include "engine/models/latents.h"
#include "web/drawing/dial.h"
#include "web/drawing/layout.h"
#include "web/drawing/widgets.h"

namespace pumice::web {
namespace {

constexpr uint64_t kDirectionSeed = 0x646972;  // "dir": differs from the seeds of samples
constexpr uint32_t kFewNumbers = 8;            // each has its own dial, so there are no directions
constexpr float kNameWidth = 88;
constexpr float kLeastChange = 1e-4f;  // of a coordinate
constexpr float kLowestRow = 36;
constexpr float kLowestTrack = 26, kHighestTrack = 64;

// Of a standard normal vector, which has no preferred direction.
Direction random_direction(uint64_t seed, uint32_t size) {
  Direction direction = models::normal_latents(seed, 0, 1, size);
  const float norm = std::sqrt(coordinate(direction, direction));
  for (float& value : direction) value /= norm;
  return direction;
}

// Not as items: for assistive technology, they are the dial's own name and value.
void draw_words(const std::string& name, float value) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  list.AddText(at, ImGui::GetColorU32(ImGuiCol_Text),
               name == "random direction" ? "random" : name.c_str());
  ImGui::PushFont(font(TextStyle::kSmall));
  list.AddText(ImVec2(at.x, at.y + 19), ImGui::GetColorU32(ImGuiCol_TextDisabled),
               fmt::format("{:.2f}", std::abs(value) < 0.005f ? 0.0f : value).c_str());
  ImGui::PopFont();
}

}  // namespace

DialList::DialList(Workspace& workspace)
    : workspace_(workspace),
      influence_(std::make_unique<Influence>(workspace)),
      order_(influence_->order()),
      strips_(workspace, kReach) {}

const std::vector<Direction>& DialList::directions() const {
  static const std::vector<Direction> none;
  if (workspace_.network().latent_size <= kFewNumbers) return none;
  return workspace_.directions.empty() ? influence_->directions() : workspace_.directions;
}

DialList::Dial DialList::number(uint32_t index) const {
  Direction unit(workspace_.network().latent_size);
  unit[index] = 1;
  return {fmt::format("z{}", index), std::move(unit)};
}

void DialList::draw(ImVec2 size) {
  strips_.begin_frame();
  ImGui::BeginChild("sliders", size);
  if (!random_.empty()) draw_dial({"random direction", random_});
  draw_directions();
  draw_numbers();
  ImGui::EndChild();
  // Not while the user is holding one.
  if (!ImGui::IsAnyItemActive()) order_ = influence_->order();
}

void DialList::draw_directions() {
  if (directions().empty()) return;
  text(TextStyle::kHeading, "Directions");
  what_is("how were they found?",
          "Found without labels: the directions of the latent space in which the image changes "
          "most, from the generator's first weight (SeFa) or, for models with an encoder, from "
          "how the decoder answers to small steps from the mean.\n\n"
          "The row of images shows where each dial leads from here.");
  for (size_t i = 0; i < directions().size(); ++i) {
    draw_dial({fmt::format("direction {}", i + 1), directions()[i]});
  }
  ImGui::Spacing();
}

void DialList::draw_numbers() {
  const size_t visible = influence_->is_done() ? influence_->visible_count() : 0;
  const bool are_all = visible == 0 && order_.size() <= kFewNumbers;
  const size_t shown = are_all ? order_.size() : visible;
  if (shown > 0) {
    text(TextStyle::kHeading, "Single numbers");
    what_is("what are they?",
            "The latent is a list of numbers. These are ordered by how much the image changes "
            "when one of them alone moves from 0 by 1, measured on this device.");
  }
  for (size_t i = 0; i < shown; ++i) draw_dial(number(order_[i]));
  draw_dead_numbers(shown);
}

void DialList::draw_dead_numbers(size_t first) {
  if (first == order_.size()) return;
  const std::string title =
      influence_->is_done() && first > 0
          ? fmt::format("{} more that change nothing visible", order_.size() - first)
          : count_of(order_.size(), "number");
  if (!begin_fold((title + "###dead").c_str())) return;
  for (size_t i = first; i < order_.size(); ++i) {
    ImGui::SetNextItemWidth(-60);
    ImGui::SliderFloat(fmt::format("z{}", order_[i]).c_str(), &workspace_.latent[order_[i]],
                       -kReach, kReach, "%.2f");
  }
  ImGui::TreePop();
}

void DialList::draw_dial(const Dial& shown) {
  const bool is_locked = std::ranges::count(locked_, shown.name, &Dial::name) > 0;
  const ImVec2 corner = ImGui::GetCursorPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float buttons = 2 * icon_width() + 4;
  const Shape image = workspace_.network().image;
  const float track = std::max(60.0f, width - kNameWidth - buttons);
  const float aspect = static_cast<float>(image[0]) / static_cast<float>(image[1]);
  const float least = std::max(kLowestTrack, ImGui::GetFrameHeight() - 4);
  const float height =
      std::clamp(track / Strips::kImages * aspect, least, std::max(least, kHighestTrack));
  float value = coordinate(workspace_.latent, shown.direction);
  draw_words(shown.name, value);
  ImGui::SetCursorPos(ImVec2(corner.x + kNameWidth, corner.y));
  static ImageView none;
  const bool is_seen = ImGui::IsRectVisible(ImVec2(track, height));
  ImageView& images = is_seen ? strips_.row(shown.name, shown.direction) : none;
  const float before = value;
  dial(shown.name.c_str(), value, kReach, ImVec2(track, height), images, is_locked);
  // A slider that is held rounds its value, which need not be what the point gives.
  if (std::abs(value - before) > kLeastChange) {
    set_coordinate(workspace_.latent, shown.direction, value);
  }
  ImGui::SetCursorPos(
      ImVec2(corner.x + kNameWidth + track + 4, corner.y + (height - ImGui::GetFrameHeight()) / 2));
  draw_buttons(shown, is_locked);
  ImGui::SetCursorPos(corner);
  ImGui::Dummy(ImVec2(1, std::max(height + 2, kLowestRow)));
}

void DialList::draw_buttons(const Dial& shown, bool is_locked) {
  const std::string& name = shown.name;
  const std::string lock = (is_locked ? "Unlock " : "Lock ") + name;
  if (icon_button(lock.c_str(), is_locked ? Icon::kLock : Icon::kUnlock, is_locked)) {
    if (is_locked)
      std::erase_if(locked_, [&](const Dial& each) { return each.name == name; });
    else
      locked_.push_back(shown);
  }
  ImGui::SameLine(0, 0);
  if (icon_button(("Reset " + name).c_str(), Icon::kReset) && !is_locked) {
    set_coordinate(workspace_.latent, shown.direction, 0);
  }
}

void DialList::request() {
  influence_->request();
  if (influence_->is_done() && !ImGui::IsAnyItemActive()) strips_.request();
}

void DialList::poll() {
  influence_->poll();
  if (strips_.poll() && !ImGui::IsAnyItemActive()) strips_.request();
}

void DialList::decode_anew() {
  influence_ = std::make_unique<Influence>(workspace_);
  strips_.clear();
}

void DialList::add_random_direction() {
  std::erase_if(locked_, [](const Dial& each) { return each.name == "random direction"; });
  random_ = random_direction(kDirectionSeed + random_count_++, workspace_.network().latent_size);
}

void DialList::move_to(std::vector<float> point) {
  std::vector<Direction> kept;
  for (const Dial& each : locked_) kept.push_back(each.direction);
  restore_coordinates(point, workspace_.latent, kept);
  workspace_.latent = std::move(point);
}

}  // namespace pumice::web
