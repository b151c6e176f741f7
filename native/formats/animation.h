#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "native/formats/picture.h"

namespace pumice::formats {

/// Pictures of one size that follow each other, over and over.
struct Animation {
  std::vector<Picture> frames;
  uint32_t frames_per_second = 10;  ///< a GIF counts in hundredths of a second: at most 50
};

/// Whether write_animation() writes files of that name: .gif, .apng, in any case.
bool is_animation(const std::filesystem::path& path);

/// Forth and back: 1 2 3 4 becomes 1 2 3 4 3 2, so that the end runs into the beginning.
std::vector<Picture> there_and_back(std::vector<Picture> frames);

/// An animated PNG (https://www.w3.org/TR/png-3/#apng-frame-based-animation).
std::string encode_apng(const Animation& animation);

/// A GIF: exact for grey pictures, with the 256 colours of each frame that fit it best for others.
/// Throws Error where the program was built without giflib.
std::string encode_gif(const Animation& animation);

/// Writes `path` as GIF or animated PNG, by its extension, atomically. Throws Error for another
/// extension and unless there are frames, all of one size.
void write_animation(const std::filesystem::path& path, const Animation& animation);

}  // namespace pumice::formats
