#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

#include "web/drawing/parts.h"

namespace pumice::web {

/// Finds what a frame changes, so that no more is drawn: without a graphics card, drawing takes
/// longer than decoding. What is drawn into each tile of the screen has a hash, which is compared
/// with the last frame's.
class Damage {
 public:
  /// Has the whole next frame drawn.
  void forget() { tiles_.clear(); }
  /// The parts of a canvas of this size to draw of a frame, none if it looks
  /// like the last one.
  std::vector<Pixels> update(const ImDrawData& frame, int width, int height);

 private:
  std::vector<uint32_t> tiles_;  ///< of the last frame; empty if it is unknown
  int columns_ = 0;
};

}  // namespace pumice::web
