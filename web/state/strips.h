#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "web/drawing/image_view.h"
#include "web/state/decoder.h"
#include "web/state/directions.h"

namespace pumice::web {

/// What each dial does to the explored image: a row of images along its direction. They are decoded
/// one row at a time, those on the screen first.
class Strips {
 public:
  static constexpr uint32_t kImages = 7;

  /// The workspace must outlive this. The rows show coordinates from -reach to reach.
  Strips(Workspace& workspace, float reach) : workspace_(workspace), reach_(reach) {}

  /// The row of a dial, to be drawn in this frame; empty until decoded.
  ImageView& row(const std::string& dial, const Direction& direction);
  /// Must be called before the rows of a frame.
  void begin_frame() { drawn_.clear(); }
  /// Requests the first row that the frame drew and that is outdated. Throws Error as poll() does.
  void request();
  /// True if a row has arrived.
  bool poll();
  /// Forgets all rows, because they show another class or setting.
  void clear();

 private:
  struct Row {
    std::vector<float> latents;  ///< of the images; empty if outdated
    ImageView view;
    std::vector<float> wanted;  ///< empty: up to date, or not on the screen
  };
  std::vector<float> latents_along(const Direction& direction) const;
  /// The first dial that the frame drew and whose row is outdated; null if there is none.
  const std::string* first_outdated();

  Workspace& workspace_;
  float reach_;
  std::map<std::string, Row> rows_;  ///< by the dial's name
  std::unique_ptr<Decoder> decoder_;
  std::vector<std::string> drawn_;  ///< in this frame, in order
  std::string under_way_;           ///< empty: none
  double shown_ = 0;                ///< when a row last caused a frame, in milliseconds
};

}  // namespace pumice::web
