#pragma once

#include <optional>
#include <vector>

#include "web/state/decoder.h"
#include "web/state/map_view.h"

namespace pumice::web {

/// The places on a map of the explored point, of A and B, and of the path between them. On a map of
/// samples they depend on images, which are decoded first.
class MapMarks {
 public:
  /// Both must outlive this.
  MapMarks(Workspace& workspace, const MapView& view, bool has_latents);

  void request();
  /// True if places have changed.
  bool poll();

  std::optional<Place> explored() const { return explored_; }
  std::optional<Place> end(size_t slot) const { return ends_[slot]; }
  const std::vector<Place>& path() const { return path_; }

 private:
  std::vector<float> wanted() const;
  size_t stops() const { return 2 + workspace_.way_points.size(); }
  bool has_path() const;
  Path coarse_path() const;
  size_t stop_after(size_t place) const;
  void set(const std::vector<Place>& places);
  std::vector<Place> places_of_images() const;

  Workspace& workspace_;
  const MapView& view_;
  std::unique_ptr<Decoder> decoder_;  ///< null if places follow from latents
  std::vector<float> requested_;
  std::optional<Place> explored_;
  std::array<std::optional<Place>, 2> ends_;
  std::vector<Place> path_;
};

}  // namespace pumice::web
