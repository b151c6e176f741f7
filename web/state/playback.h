#pragma once

#include <span>
#include <vector>

#include "web/state/workspace.h"

namespace pumice::web {

/// The frames of a path of `stops` points with `frames` from stop to stop, both included. If it
/// ends as a tour, it returns to the first, which then does not come again as its last frame.
int path_frames(size_t stops, int frames, Ending ending);
/// Their latents [frames, size], of latents [stops, size].
std::vector<float> path_latents(std::span<const float> stops, size_t size, const Path& path);

/// The latent at a position between two of `latents` [frames, size], along a straight line; empty
/// if there are none. On a tour the first comes after the last.
std::vector<float> between_frames(std::span<const float> latents, size_t size, float position,
                                  Ending ending);

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
