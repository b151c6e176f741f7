#include "native/formats/animation.h"

#include "engine/base/atomic_file.h"
#include "engine/base/require.h"
#include "native/formats/extension.h"

namespace pumice::formats {
namespace {

void check(const std::filesystem::path& path, const std::vector<Image>& frames) {
  constexpr uint32_t kLongestSide = 65535;  // of a GIF, which keeps it in 16 bits
  require(!frames.empty(), "{}: an animation expects at least one frame", path.string());
  const Image& first = frames.front();
  require(first.width <= kLongestSide && first.height <= kLongestSide,
          "{}: an animation expects at most {} pixels a side, got {}x{}", path.string(),
          kLongestSide, first.width, first.height);
  for (const Image& frame : frames) {
    require(frame.width == first.width && frame.height == first.height &&
                frame.channels == first.channels,
            "{}: an animation expects frames of one size, got {}x{}x{} after {}x{}x{}",
            path.string(), frame.width, frame.height, frame.channels, first.width, first.height,
            first.channels);
  }
}

}  // namespace

bool is_animation(const std::filesystem::path& path) {
  const std::string extension = extension_of(path);
  return extension == ".gif" || extension == ".apng";
}

std::vector<Image> there_and_back(std::vector<Image> frames) {
  const size_t count = frames.size();
  for (size_t i = 2; i < count; ++i) frames.push_back(frames[count - i]);
  return frames;
}

void write_animation(const std::filesystem::path& path, const Animation& animation) {
  require(is_animation(path), "{}: an animation is written as .gif or .apng", path.string());
  check(path, animation.frames);
  write_file_atomically(
      path, extension_of(path) == ".gif" ? encode_gif(animation) : encode_apng(animation));
}

}  // namespace pumice::formats
