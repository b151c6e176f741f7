#include "web/panels/map.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "web/drawing/items.h"
#include "web/drawing/layout.h"
#include "web/drawing/pointer.h"
#include "web/drawing/theme.h"
#include "web/drawing/widgets.h"
#include "web/page/browser.h"
#include "web/panels/shared_buttons.h"

namespace pumice::web {
namespace {

constexpr float kMapGap = 20;
constexpr float kWidestSide = 300;
constexpr float kNarrowImage = 110;  // below the map
constexpr float kPointerImage = 84;  // at the pointer
constexpr int kPlaneSide = 15;       // images behind the points
constexpr int kArrowSteps = 50;      // across the map

std::vector<float> to_floats(std::span<const uint8_t> pixels) {
  std::vector<float> values;
  for (uint8_t pixel : pixels) values.push_back(static_cast<float>(pixel) / 255);
  return values;
}

}  // namespace

MapPanel::MapPanel(Workspace& workspace)
    : workspace_(workspace),
      map_(workspace.map),
      shows_thumbnails_(workspace.network().latent_size > 2),
      decoder_(workspace, 1) {
  image_.describe("image at the place");
  if (map_ == nullptr) return;
  thumbnails_.set(to_floats(map_->thumbnails), map_->thumbnail, 8, 0);
  choose_plane();
}

Panel::Explanation MapPanel::explanation() const {
  return {"what is the plane?",
          "A latent has many numbers, a screen has two directions. Principal components are the "
          "two directions in which the points differ most; the other choice are the two latent "
          "numbers that change images most.\n\n"
          "Between points, the image is that of the nearest point, moved in the plane to the "
          "pointer; on a map of samples it is the nearest sample.",
          Picture::kComponents};
}

// Planes of numbers are of maps with latents alone; an address may ask for one elsewhere.
void MapPanel::choose_plane() {
  const bool by_numbers = workspace_.map_by_numbers && map_->has_latents() && !has_plane();
  if (view_ && by_numbers == by_numbers_) return;
  by_numbers_ = by_numbers;
  view_ = std::make_unique<MapView>(*map_, workspace_.network().latent_size, by_numbers);
  marks_ = std::make_unique<MapMarks>(workspace_, *view_, map_->has_latents());
}

void MapPanel::draw() {
  if (map_ == nullptr) {
    quiet_text("This file has no map: pumice export RUN --web writes one that has.");
    return;
  }
  draw_buttons();
  choose_plane();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  const bool is_beside = room.x > 560 || room.x > room.y;
  const float width = is_beside ? room.x - std::min(kWidestSide, 0.4f * room.x) - kMapGap : room.x;
  const float height = is_beside ? room.y : room.y - kNarrowImage - kMapGap;
  draw_map(std::max(160.0f, std::min(width, height)));
  if (is_beside) ImGui::SameLine(0, kMapGap);
  const ImVec2 rest = ImGui::GetContentRegionAvail();
  draw_side(ImVec2(std::min(rest.x, is_beside ? kWidestSide : rest.x), rest.y), is_beside);
  if (!ImGui::IsAnyItemActive()) workspace_.history.note(workspace_.latent);
}

void MapPanel::draw_buttons() {
  if (main_button("Explore from here")) workspace_.wanted_tab = "Explore";
  end_buttons(workspace_, [&] { return Slot{workspace_.latent, std::nullopt, "on the map"}; });
  more_buttons([&] { draw_choices(); });
}

void MapPanel::draw_choices() {
  if (map_->has_latents() && !has_plane()) {
    int by_numbers = workspace_.map_by_numbers ? 1 : 0;
    flow(360);
    ImGui::RadioButton("principal components", &by_numbers, 0);
    ImGui::SameLine();
    const std::string numbers = fmt::format("z{} and z{}", map_->numbers[0], map_->numbers[1]);
    ImGui::RadioButton(numbers.c_str(), &by_numbers, 1);
    workspace_.map_by_numbers = by_numbers == 1;
  }
  flow(120);
  if (choice_button("Thumbnails", shows_thumbnails_)) shows_thumbnails_ = !shows_thumbnails_;
}

void MapPanel::draw_map(float side) {
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const ImRect box(corner, ImVec2(corner.x + side, corner.y + side));
  ImGui::InvisibleButton("map", box.GetSize());
  const auto direction = note_plane("map", words());
  claim_touch();
  frame_.emplace(*view_, box);
  take_pointer(*frame_);
  if (direction) take_arrow(*frame_, *direction);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(box.Min, box.Max, card_color(), 6);
  list.PushClipRect(box.Min, box.Max, true);
  draw_content(*frame_);
  draw_marks(*frame_);
  list.PopClipRect();
  frame(box.Min, box.Max, line_color(), 1);
  draw_pointer(*frame_);
}

void MapPanel::draw_content(const MapFrame& frame) {
  if (!plane_.empty()) {
    plane_.paint(frame.box());
    // Pale behind the points, whose colours are those for cards.
    constexpr ImU32 kOpacity = IM_COL32(255, 255, 255, 180);
    ImGui::GetWindowDrawList()->AddRectFilled(frame.box().Min, frame.box().Max,
                                              card_color() & kOpacity);
  }
  draw_points(frame, view_->places(), map_->labels);
  if (shows_thumbnails_) draw_thumbnails(frame, *map_, *view_, thumbnails_);
}

void MapPanel::draw_marks(const MapFrame& frame) {
  constexpr float kMargin = 12;
  const std::vector<float>& moments = workspace_.moments;
  if (!marks_->path().empty()) draw_path(frame, marks_->path());
  if (!moments.empty() && map_->has_latents()) {
    const std::span<const float> all(moments);
    const Place drawn = view_->place(all.first(all.size() / 2));
    draw_ellipse(frame, drawn, view_->spread(all.subspan(all.size() / 2)));
    badge(frame.within(drawn, kMargin), "drawn", false);
  }
  for (size_t slot = 0; slot < 2; ++slot) {
    if (!marks_->end(slot)) continue;
    const ImVec2 at = frame.within(*marks_->end(slot), kMargin);
    badge(ImVec2(at.x - 8, at.y - 9), slot == 0 ? "A" : "B");
  }
  if (marks_->explored()) draw_mark(frame.within(*marks_->explored(), kMargin));
}

// The image at the pointer, on the side where there is room.
void MapPanel::draw_pointer(const MapFrame& frame) {
  if (!hovered_ || image_.empty() || is_narrow()) return;
  const ImVec2 at = ImGui::GetIO().MousePos, middle = frame.box().GetCenter();
  const float x = at.x < middle.x ? at.x + 16 : at.x - 16 - kPointerImage;
  const float y = at.y < middle.y ? at.y + 16 : at.y - 16 - kPointerImage;
  const Shape& shape = workspace_.network().image;
  const float scale = kPointerImage / static_cast<float>(std::max(shape[0], shape[1]));
  const ImRect place(x, y, x + scale * static_cast<float>(shape[1]),
                     y + scale * static_cast<float>(shape[0]));
  image_.paint(place);
  web::frame(place.Min, place.Max, accent_color());
}

void MapPanel::draw_side(ImVec2 size, bool is_beside) {
  ImGui::BeginGroup();
  const float side = is_beside ? std::min(size.x, 0.5f * size.y) : kNarrowImage;
  if (image_.empty()) ImGui::Dummy(ImVec2(side, side));
  image_.draw("image", side, side);
  if (!is_beside) ImGui::SameLine(0, kMapGap);
  ImGui::BeginGroup();
  draw_legend();
  quiet_text(map_->text);
  ImGui::EndGroup();
  ImGui::EndGroup();
}

// The classes of the points, in their colours.
void MapPanel::draw_legend() {
  if (map_->labels.empty()) return;
  constexpr float kDot = 5;
  const uint32_t classes = *std::ranges::max_element(map_->labels) + 1u;
  for (uint32_t label = 0; label < std::min(classes, kClassColors); ++label) {
    const std::string name = title(label);
    const ImVec2 words = ImGui::CalcTextSize(name.c_str());
    if (label > 0) flow(words.x + 4 * kDot);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddCircleFilled(ImVec2(at.x + kDot, at.y + words.y / 2), kDot,
                                                class_color(label));
    ImGui::Dummy(ImVec2(2 * kDot, words.y));
    ImGui::SameLine(0, kDot);
    ImGui::TextUnformatted(name.c_str());
  }
}

std::string MapPanel::title(uint32_t label) const {
  return label < map_->class_names.size() ? map_->class_names[label] : fmt::to_string(label);
}

MapPanel::Wanted MapPanel::at_point(std::vector<float> latent, uint32_t point) const {
  const bool has_class = workspace_.network().classes > 0 && !map_->labels.empty();
  return {std::move(latent), has_class ? map_->labels[point] : workspace_.label};
}

void MapPanel::move_to(Wanted wanted) {
  workspace_.latent = std::move(wanted.latent);
  if (wanted.label != workspace_.label) workspace_.wanted_label = wanted.label;
}

void MapPanel::take_pointer(const MapFrame& frame) {
  hovered_.reset();
  const bool is_held = ImGui::IsItemActive();
  if (!is_held && !ImGui::IsItemHovered()) return;
  want_cross_cursor();
  const Place place = frame.place(ImGui::GetIO().MousePos);
  hovered_ = at_point(view_->latent_at(place), view_->nearest(place));
  if (is_held) move_to(*hovered_);
}

// A step in the plane or, on a map of samples, to the next one.
void MapPanel::take_arrow(const MapFrame& frame, uint32_t direction) {
  if (!marks_->explored()) return;
  const Place from = *marks_->explored();
  if (!map_->has_latents()) {
    const uint32_t next = view_->neighbour(view_->nearest(from), direction);
    return move_to(at_point(view_->latent(next), next));
  }
  const float step = frame.unit() * frame.box().GetWidth() / kArrowSteps;
  view_->move(workspace_.latent, from + step * arrow(direction));
}

// For assistive technology.
std::string MapPanel::words() const {
  if (!marks_->explored()) return "";
  const Place at = *marks_->explored();
  const uint32_t nearest = view_->nearest(at);
  std::string words = fmt::format("{:.2f}, {:.2f}", at.x, at.y);
  if (!map_->labels.empty()) words += fmt::format(", near {}", title(map_->labels[nearest]));
  return words;
}

void MapPanel::request() {
  if (map_ == nullptr) return;
  Wanted wanted = hovered_ ? *hovered_ : Wanted{workspace_.latent, workspace_.label};
  if (wanted != requested_) {
    const size_t labels = workspace_.network().classes > 0 ? 1 : 0;
    decoder_.request(wanted.latent, std::vector<uint32_t>(labels, wanted.label));
    requested_ = std::move(wanted);
  }
  if (decoder_.images().empty()) return;  // what the user is waiting for comes first
  marks_->request();
  if (has_plane() && !plane_decoder_ && frame_) request_plane();
}

// Images at the middles of a grid of squares, row by row from the top.
void MapPanel::request_plane() {
  const int side = workspace_.most_side(kPlaneSide);
  plane_decoder_ = std::make_unique<Decoder>(workspace_, static_cast<uint32_t>(side * side),
                                             Decoder::Purpose::kAside);
  const ImRect& box = frame_->box();
  std::vector<float> latents;
  for (int i = 0; i < side * side; ++i) {
    const float x = (static_cast<float>(i % side) + 0.5f) / static_cast<float>(side);
    const float y = (static_cast<float>(i / side) + 0.5f) / static_cast<float>(side);
    const Place place =
        frame_->place(ImVec2(box.Min.x + x * box.GetWidth(), box.Min.y + y * box.GetHeight()));
    latents.insert(latents.end(), {place.x, place.y});
  }
  plane_decoder_->request(std::move(latents));
}

void MapPanel::decode_anew() {
  requested_.reset();
  plane_decoder_.reset();
  view_.reset();
  if (map_ != nullptr) choose_plane();
}

void MapPanel::poll() {
  if (map_ == nullptr) return;
  const Shape& image = workspace_.network().image;
  if (decoder_.poll()) image_.set(decoder_.images(), image, 1, 0);
  if (marks_->poll()) page_wake();
  if (plane_decoder_ && plane_decoder_->poll()) {
    plane_.set(plane_decoder_->images(), image,
               static_cast<uint32_t>(workspace_.most_side(kPlaneSide)), 0);
    page_wake();
  }
}

}  // namespace pumice::web
