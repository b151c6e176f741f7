#include "engine/base/big_endian.h"
#include "engine/base/require.h"
#include "native/formats/animation.h"
#include "native/formats/origin.h"
#include "native/formats/png_chunk.h"

// Debian has no library that writes animated PNGs (libpng lacks the extension, as does stb); but
// the format is little more than the compressed data of ordinary PNGs with a chunk before each.
namespace pumice::formats {
namespace {

std::string compressed_pixels(const std::string& png) {
  std::string pixels;
  for (size_t at = kPngSignature; at < png.size();) {
    const size_t length = big_endian_at(png, at);
    if (png.compare(at + 4, 4, "IDAT") == 0) pixels += png.substr(at + 8, length);
    at += length + kAroundPngData;
  }
  return pixels;
}

std::string frame_control(uint32_t sequence, const Image& frame, uint32_t frames_per_second) {
  std::string delay =
      big_endian(1 << 16 | frames_per_second);  // 1 / frames_per_second, 16 bits each
  const std::string replaces_all{0, 0};         // keep the frame, and draw the next one over it
  return png_chunk("fcTL", big_endian(sequence) + big_endian(frame.width) +
                               big_endian(frame.height) + big_endian(0) + big_endian(0) + delay +
                               replaces_all);
}

}  // namespace

std::string encode_apng(const Animation& animation) {
  const auto count = static_cast<uint32_t>(animation.frames.size());
  require(count > 0, "apng: expected at least one frame");
  std::string file;
  uint32_t sequence = 0;  // counts control and later data chunks together
  for (uint32_t i = 0; i < count; ++i) {
    const std::string png = encode_png(animation.frames[i]);
    if (i == 0) {
      const std::string for_ever = big_endian(0);
      file = png.substr(0, kPngSignature + kPngHeader) +
             png_chunk("acTL", big_endian(count) + for_ever);
    }
    file += frame_control(sequence++, animation.frames[i], animation.frames_per_second);
    // Viewers without animation support show the first frame.
    file += i == 0 ? png_chunk("IDAT", compressed_pixels(png))
                   : png_chunk("fdAT", big_endian(sequence++) + compressed_pixels(png));
  }
  return with_generator(file + png_chunk("IEND", ""));
}

}  // namespace pumice::formats
