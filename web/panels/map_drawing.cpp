#include "web/panels/map_drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "web/drawing/layout.h"
#include "web/drawing/theme.h"

namespace pumice::web {
namespace {

constexpr float kMargin = 0.05f;  // of the box
constexpr float kThumbnail = 30;  // pixels
constexpr ImU32 kOutline = IM_COL32(0, 0, 0, 255);

ImDrawList& list() { return *ImGui::GetWindowDrawList(); }

ImVec2 moved(ImVec2 at, float x, float y) { return ImVec2(at.x + x, at.y + y); }

// Points are octagons without smooth edges: a third of the vertices of a circle.
constexpr size_t kCorners = 8;
constexpr size_t kIndices = 3 * (kCorners - 2);

std::array<ImVec2, kCorners> octagon(float radius) {
  std::array<ImVec2, kCorners> corners;
  for (size_t i = 0; i < kCorners; ++i) {
    const float angle = (static_cast<float>(i) + 0.5f) * 6.2831853f / kCorners;
    corners[i] = ImVec2(radius * std::cos(angle), radius * std::sin(angle));
  }
  return corners;
}

void add_octagon(ImVec2 at, const std::array<ImVec2, kCorners>& corners, ImU32 color) {
  ImDrawList& draw = list();
  const unsigned first = draw._VtxCurrentIdx;
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  for (ImVec2 corner : corners) draw.PrimWriteVtx(moved(at, corner.x, corner.y), white, color);
  for (unsigned i = 2; i < kCorners; ++i) {
    for (unsigned corner : {0u, i - 1, i})
      draw.PrimWriteIdx(static_cast<ImDrawIdx>(first + corner));
  }
}

}  // namespace

MapFrame::MapFrame(const MapView& view, const ImRect& box) : box_(box) {
  const Place size = view.most() - view.least();
  middle_ = 0.5f * (view.most() + view.least());
  const float room = 1 - 2 * kMargin;
  unit_ = std::max({size.x / (room * box.GetWidth()), size.y / (room * box.GetHeight()), 1e-9f});
}

ImVec2 MapFrame::at(Place place) const {
  const Place from = place - middle_;
  const ImVec2 center = box_.GetCenter();
  return ImVec2(center.x + from.x / unit_, center.y - from.y / unit_);
}

ImVec2 MapFrame::within(Place place, float margin) const {
  const ImVec2 at = this->at(place);
  return ImVec2(std::clamp(at.x, box_.Min.x + margin, box_.Max.x - margin),
                std::clamp(at.y, box_.Min.y + margin, box_.Max.y - margin));
}

Place MapFrame::place(ImVec2 at) const {
  const ImVec2 center = box_.GetCenter();
  return middle_ + unit_ * Place{at.x - center.x, center.y - at.y};
}

void draw_points(const MapFrame& frame, std::span<const Place> places,
                 std::span<const uint8_t> labels) {
  const std::array<ImVec2, kCorners> corners = octagon(is_narrow() ? 1.7f : 2.2f);
  list().PrimReserve(static_cast<int>(places.size() * kIndices),
                     static_cast<int>(places.size() * kCorners));
  for (size_t i = 0; i < places.size(); ++i) {
    const ImU32 color = labels.empty() ? accent_color() : class_color(labels[i]);
    add_octagon(frame.at(places[i]), corners, color);
  }
}

void draw_thumbnails(const MapFrame& frame, const io::LatentMap& map, const MapView& view,
                     ImageView& images) {
  const Shape& shape = map.thumbnail;
  const float scale = kThumbnail / 2 / static_cast<float>(std::max(shape[0], shape[1]));
  const ImVec2 half(scale * static_cast<float>(shape[1]), scale * static_cast<float>(shape[0]));
  std::vector<Place> drawn;
  for (uint32_t i = 0; i < map.thumbnail_points.size(); ++i) {
    const uint32_t point = map.thumbnail_points[i];
    const ImVec2 at = frame.within(view.places()[point], kThumbnail / 2);
    const bool is_free = std::ranges::all_of(drawn, [&](Place other) {
      const float apart = std::max(std::abs(at.x - other.x), std::abs(at.y - other.y));
      return apart > 1.25f * kThumbnail;
    });
    if (!is_free) continue;
    drawn.push_back({at.x, at.y});
    const ImRect box(moved(at, -half.x, -half.y), moved(at, half.x, half.y));
    const ImU32 color = map.labels.empty() ? accent_color() : class_color(map.labels[point]);
    list().AddRectFilled(moved(box.Min, -2, -2), moved(box.Max, 2, 2), color, 3);
    images.paint_one(i, box);
  }
}

// A circle times the lower triangular square root (Cholesky) of the covariance.
void draw_ellipse(const MapFrame& frame, Place middle, const std::array<float, 3>& spread) {
  constexpr int kSides = 48;
  const float a = std::sqrt(std::max(spread[0], 1e-12f)), b = spread[2] / a;
  const float c = std::sqrt(std::max(spread[1] - b * b, 0.0f));
  for (int i = 0; i < kSides; ++i) {
    const float angle = 6.2831853f * static_cast<float>(i) / kSides;
    const float x = std::cos(angle), y = std::sin(angle);
    list().PathLineTo(frame.at(middle + Place{a * x, b * x + c * y}));
  }
  ImDrawList& draw = list();
  draw.AddConvexPolyFilled(draw._Path.Data, draw._Path.Size,
                           ImGui::GetColorU32(ImGuiCol_Text, 0.15f));
  draw.PathStroke(ImGui::GetColorU32(ImGuiCol_Text), ImDrawFlags_Closed, 1.5f);
}

void draw_path(const MapFrame& frame, std::span<const Place> path) {
  for (const auto& [color, width] : {std::pair(kOutline, 5.0f), {IM_COL32_WHITE, 2.5f}}) {
    for (Place place : path) list().PathLineTo(frame.at(place));
    list().PathStroke(color, 0, width);
  }
}

void draw_mark(ImVec2 at) {
  constexpr float kRadius = 8;
  list().AddCircleFilled(at, kRadius, kOutline);
  list().AddCircleFilled(at, kRadius - 1.5f, IM_COL32_WHITE);
  list().AddCircleFilled(at, kRadius - 3.5f, accent_color());
}

}  // namespace pumice::web
