#include <zlib.h>

#include "engine/base/big_endian.h"
#include "engine/base/require.h"
#include "native/report/animation.h"

// Debian has no library that writes animated PNGs (libpng lacks the extension, stb too); but one is
// little more than the compressed data of ordinary PNGs with a chunk before each.
namespace pumice::report {
namespace {

constexpr size_t kSignature = 8;
constexpr size_t kHeader = 25;      // the chunk IHDR
constexpr size_t kAroundData = 12;  // a chunk's length, type and checksum

std::string big_endian(uint32_t value) {
  std::string bytes;
  for (int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift);
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string checked = type + data;
  const uLong checksum =
      crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
  return big_endian(static_cast<uint32_t>(data.size())) + checked +
         big_endian(static_cast<uint32_t>(checksum));
}

std::string compressed_pixels(const std::string& png) {
  std::string pixels;
  for (size_t at = kSignature; at < png.size();) {
    const size_t length = big_endian_at(png, at);
    if (png.compare(at + 4, 4, "IDAT") == 0) pixels += png.substr(at + 8, length);
    at += length + kAroundData;
  }
  return pixels;
}

std::string frame_control(uint32_t sequence, const Picture& frame, uint32_t frames_per_second) {
  std::string delay =
      big_endian(1 << 16 | frames_per_second);  // 1 / frames_per_second, 16 bits each
  const std::string replaces_all{0, 0};  // leave the frame standing, and put the next one over it
  return chunk("fcTL", big_endian(sequence) + big_endian(frame.width) + big_endian(frame.height) +
                           big_endian(0) + big_endian(0) + delay + replaces_all);
}

}  // namespace

std::string encode_apng(const Animation& animation) {
  const auto count = static_cast<uint32_t>(animation.frames.size());
  require(count > 0, "apng: expected at least one frame");
  std::string file;
  uint32_t sequence = 0;  // counts control and later data chunks alike
  for (uint32_t i = 0; i < count; ++i) {
    const std::string png = encode_png(animation.frames[i]);
    if (i == 0) {
      const std::string for_ever = big_endian(0);
      file = png.substr(0, kSignature + kHeader) + chunk("acTL", big_endian(count) + for_ever);
    }
    file += frame_control(sequence++, animation.frames[i], animation.frames_per_second);
    // Who knows no animations shows the first frame.
    file += i == 0 ? chunk("IDAT", compressed_pixels(png))
                   : chunk("fdAT", big_endian(sequence++) + compressed_pixels(png));
  }
  return file + chunk("IEND", "");
}

}  // namespace pumice::report
