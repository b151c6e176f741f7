#pragma once

#include "web/state/workspace.h"

namespace pumice::web {

/// Where an animation along a path of frames is.
struct Playback {
  bool is_playing = true;
  float position = 0;  ///< in frames, 0 … frames-1
  bool goes_back = false;

  /// Moves on by `frames` of a path of `count`. Returns true when a path that ends by wandering on
  /// has arrived: it then needs the next one.
  bool advance(float frames, int count, Ending ending);
};

/// The order of a saved animation's frames: there, or there and back.
std::vector<int> saved_frames(int count, Ending ending);

}  // namespace pumice::web
