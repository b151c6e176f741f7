#include "web/panels/save_animation.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "web/page/browser.h"
#include "web/state/playback.h"

namespace pumice::web {
namespace {

constexpr int kMostFrameScale = 8;
constexpr uint64_t kMostBytes = 128 << 20;  // of all frames
constexpr int kFrameSide = 512;             // pixels; the largest side after enlarging

// The factor by which small images are enlarged, less if there are many.
int frame_scale(const Shape& image, size_t frames) {
  const auto side = static_cast<int>(std::max(image[0], image[1]));
  int scale = std::clamp(kFrameSide / side, 1, kMostFrameScale);
  const uint64_t bytes = 4 * uint64_t{image[0]} * image[1] * frames;
  while (scale > 1 && bytes * static_cast<uint64_t>(scale * scale) > kMostBytes) --scale;
  return scale;
}

// Appends a frame as RGBA, with each pixel enlarged to a square of side `scale`.
void append_enlarged(std::span<const float> values, const Shape& image, int scale,
                     std::vector<uint8_t>& rgba) {
  const int height = static_cast<int>(image[0]) * scale;
  const int width = static_cast<int>(image[1]) * scale;
  const auto channels = static_cast<int>(image[2]);
  for (int i = 0; i < width * height; ++i) {
    int pixel = i / width / scale * (width / scale) + i % width / scale;
    for (int c = 0; c < 3; ++c) {
      float value = values[static_cast<size_t>(pixel * channels + (channels == 1 ? 0 : c))];
      rgba.push_back(static_cast<uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255)));
    }
    rgba.push_back(255);
  }
}

}  // namespace

void save_animation(std::span<const float> images, const Shape& image, const Path& path, Saved kind,
                    const std::string& name) {
  const auto count = static_cast<int>(images.size() / image.size());
  const std::vector<int> frames = saved_frames(count, path.ending);
  const int scale = frame_scale(image, frames.size());
  std::vector<uint8_t> rgba;
  rgba.reserve(4 * size_t{image[0]} * image[1] * static_cast<size_t>(scale * scale) *
               frames.size());
  for (int each : frames) {
    append_enlarged(images.subspan(static_cast<size_t>(each) * image.size(), image.size()), image,
                    scale, rgba);
  }
  const auto save = kind == Saved::kGif ? page_save_gif : page_save_video;
  save(rgba.data(), static_cast<int>(image[1]) * scale, static_cast<int>(image[0]) * scale,
       static_cast<int>(frames.size()), 1000 / path.speed, name.c_str());
}

}  // namespace pumice::web
