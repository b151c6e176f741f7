#include "web/state/playback.h"

#include <algorithm>
#include <cmath>

#include "engine/models/latents.h"

namespace pumice::web {

int path_frames(size_t stops, int frames, Ending ending) {
  const auto legs = static_cast<int>(ending == Ending::kTour ? stops : stops - 1);
  return legs * (frames - 1) + (ending == Ending::kTour ? 0 : 1);
}

std::vector<float> path_latents(std::span<const float> stops, size_t size, const Path& path) {
  const size_t count = stops.size() / size;
  const auto frames = static_cast<size_t>(path_frames(count, path.frames, path.ending));
  std::vector<float> latents;
  for (size_t from = 0; latents.size() < frames * size; ++from) {
    const std::vector<float> leg = models::interpolate(
        stops.subspan(from * size, size), stops.subspan((from + 1) % count * size, size),
        static_cast<uint32_t>(path.frames), path.spherical);
    const size_t known = from == 0 ? 0 : size;  // its first is the last of the leg before
    latents.insert(latents.end(), leg.begin() + static_cast<ptrdiff_t>(known), leg.end());
  }
  latents.resize(frames * size);
  return latents;
}

std::vector<float> between_frames(std::span<const float> latents, size_t size, float position,
                                  Ending ending) {
  const size_t count = latents.size() / size;
  if (count == 0) return {};
  const auto before = std::min(static_cast<size_t>(position), count - 1);
  const size_t after =
      ending == Ending::kTour ? (before + 1) % count : std::min(before + 1, count - 1);
  const float share = std::clamp(position - static_cast<float>(before), 0.0f, 1.0f);
  std::vector<float> point;
  for (size_t i = 0; i < size; ++i) {
    point.push_back((1 - share) * latents[before * size + i] + share * latents[after * size + i]);
  }
  return point;
}

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
    case Ending::kTour:
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
