#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

namespace pumice::web {

/// A rectangle of the canvas in device pixels, from the top left; right and bottom are excluded.
struct Pixels {
  int left = 0, top = 0, right = 0, bottom = 0;
};

/// Finds what a frame changes, so that no more is drawn: without a graphics card, drawing takes
/// longer than decoding. What is drawn into each tile of the screen has a hash, which is compared
/// with the last frame's.
class Damage {
 public:
  /// Has the whole next frame drawn.
  void forget() { tiles_.clear(); }
  /// The parts of a canvas of this size to draw of a frame, at most kMostParts; none if it looks
  /// like the last one.
  std::vector<Pixels> update(const ImDrawData& frame, int width, int height);

  static constexpr size_t kMostParts = 4;

 private:
  std::vector<uint32_t> tiles_;  ///< of the last frame; empty if it is unknown
  int columns_ = 0;
};

/// The clipping of a frame's commands.
std::vector<ImVec4> clips_of(const ImDrawData& frame);
/// Limits what the backend draws of a frame to a part of a canvas of this height. `clips`: the
/// clipping of its commands when Dear ImGui had made it.
void clip_frame(ImDrawData& frame, const std::vector<ImVec4>& clips, const Pixels& part,
                int height);

/// The images in a texture have changed.
void note_texture(unsigned texture);

}  // namespace pumice::web
