#include "web/state/playback.h"

#include <algorithm>
#include <cmath>

namespace pumice::web {

bool Playback::advance(float frames, int count, Ending ending) {
  const auto last = static_cast<float>(count - 1);
  position += goes_back ? -frames : frames;
  if (goes_back && position <= 0) {
    position = std::min(-position, last);
    goes_back = false;
    return false;
  }
  if (position <= last) return false;
  switch (ending) {
    case Ending::kBack:
      position = std::max(2 * last - position, 0.0f);
      goes_back = true;
      return false;
    case Ending::kLoop:  // the last frame, too, is shown for its time
      if (position >= static_cast<float>(count))
        position = std::fmod(position, static_cast<float>(count));
      return false;
    case Ending::kStop:
      is_playing = false;
      break;
    case Ending::kWander:
      break;
  }
  position = last;
  return ending == Ending::kWander;
}

std::vector<int> saved_frames(int count, Ending ending) {
  std::vector<int> frames;
  for (int i = 0; i < count; ++i) frames.push_back(i);
  for (int i = count - 2; i > 0 && ending == Ending::kBack; --i) frames.push_back(i);
  return frames;
}

}  // namespace pumice::web
