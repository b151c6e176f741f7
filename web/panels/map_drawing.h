#pragma once

#include <imgui.h>
#include <imgui_internal.h>

#include <span>

#include "web/drawing/image_view.h"
#include "web/state/map_view.h"

namespace pumice::web {

/// Where a map's plane is on the screen: y points upwards, and both axes have the same scale.
class MapFrame {
 public:
  /// The view's points fill `box`, but for a margin.
  MapFrame(const MapView& view, const ImRect& box);

  const ImRect& box() const { return box_; }
  ImVec2 at(Place place) const;
  /// Within the box, at least `margin` from its edges.
  ImVec2 within(Place place, float margin) const;
  Place place(ImVec2 at) const;
  /// Units of the plane per pixel of the screen.
  float unit() const { return unit_; }

 private:
  ImRect box_;
  Place middle_;
  float unit_;
};

/// All points as one list of primitives, in the colours of their labels.
void draw_points(const MapFrame& frame, std::span<const Place> places,
                 std::span<const uint8_t> labels);
/// The thumbnails, first ones first, that do not overlap: images of the points `points`.
void draw_thumbnails(const MapFrame& frame, const io::LatentMap& map, const MapView& view,
                     ImageView& images);
/// `spread`: variances of x and y and covariance. The ellipse is one standard deviation from
/// `middle`.
void draw_ellipse(const MapFrame& frame, Place middle, const std::array<float, 3>& spread);
void draw_path(const MapFrame& frame, std::span<const Place> path);
/// A dot that stands out from the points.
void draw_mark(ImVec2 at);

}  // namespace pumice::web
