#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "native/formats/image.h"

namespace pumice::formats {

/// A looping sequence of images of one size.
struct Animation {
  std::vector<Image> frames;
  uint32_t frames_per_second = 10;  ///< GIF delays are in hundredths of a second: at most 50
};

/// Whether write_animation() supports the file's extension: .gif or .apng, in any case.
bool is_animation(const std::filesystem::path& path);

/// Plays forward, then backward: 1 2 3 4 becomes 1 2 3 4 3 2, a seamless loop.
std::vector<Image> there_and_back(std::vector<Image> frames);

/// An animated PNG (https://www.w3.org/TR/png-3/#apng-frame-based-animation).
std::string encode_apng(const Animation& animation);

/// A GIF: exact for grey images, otherwise with an optimal palette of 256 colours for each frame.
/// Throws Error if the program was built without giflib.
std::string encode_gif(const Animation& animation);

/// Writes `path` as GIF or animated PNG, by its extension, atomically. Throws Error for another
/// extension, without frames, and for frames of different sizes.
void write_animation(const std::filesystem::path& path, const Animation& animation);

}  // namespace pumice::formats
