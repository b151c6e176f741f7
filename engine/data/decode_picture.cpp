#include "engine/data/decode_picture.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <string_view>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#include <stb_image.h>

#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#include <stb_image_resize.h>

#include "engine/base/big_endian.h"
#include "engine/base/require.h"

namespace pumice::data {
namespace {

constexpr int64_t kMaxPixels = int64_t{1} << 28;

struct FreePixels {
  void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};

struct Decoded {
  int width = 0;
  int height = 0;
  std::unique_ptr<stbi_uc, FreePixels> pixels;
};

// stb decodes what there is of a JPEG that was cut off, without complaint. A whole one has its end
// marker behind its last scan.
void require_end_of_jpeg(std::string_view file) {
  constexpr std::string_view kScan = "\xff\xda", kEnd = "\xff\xd9";
  const size_t scan = file.rfind(kScan), end = file.rfind(kEnd);
  require(scan != file.npos && end != file.npos && end > scan, "is cut off");
}

// stb reads no checksums. Those of chunks that matter to no pixel, with a small first letter, do
// not matter here either (https://www.w3.org/TR/png-3/#5Chunk-layout).
void require_whole_chunks(std::string_view file) {
  constexpr size_t kSignature = 8, kLengthAndType = 8, kChecksum = 4;
  std::string_view type;
  for (size_t at = kSignature; type != "IEND";) {
    require(at + kLengthAndType + kChecksum <= file.size(), "cannot be decoded: is cut off");
    const size_t length = big_endian_at(file, at), rest = file.size() - at;
    require(length <= rest - kLengthAndType - kChecksum, "cannot be decoded: is cut off");
    type = file.substr(at + 4, 4);
    const auto* checked = reinterpret_cast<const Bytef*>(type.data());
    const uint32_t checksum = big_endian_at(file, at + kLengthAndType + length);
    const bool matters = (type[0] & 0x20) == 0;
    require(!matters || crc32(0, checked, static_cast<uInt>(4 + length)) == checksum,
            "cannot be decoded: is damaged between bytes {} and {}", at, at + length + 12);
    at += kLengthAndType + length + kChecksum;
  }
}

Decoded decode(std::span<const uint8_t> file, uint32_t channels) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const bool is_jpeg = text.starts_with("\xff\xd8");
  require(is_jpeg || text.starts_with("\x89PNG"), "is no PNG or JPEG");
  require(file.size() < size_t{1} << 31, "is larger than 2 GiB");
  is_jpeg ? require_end_of_jpeg(text) : require_whole_chunks(text);
  Decoded picture;
  int unused = 0;
  const int bytes = static_cast<int>(file.size());
  if (stbi_info_from_memory(file.data(), bytes, &picture.width, &picture.height, &unused) != 0) {
    require(int64_t{picture.width} * picture.height <= kMaxPixels, "has {}x{} pixels, too many",
            picture.width, picture.height);
    picture.pixels.reset(stbi_load_from_memory(file.data(), bytes, &picture.width, &picture.height,
                                               &unused, static_cast<int>(channels)));
  }
  require(picture.pixels != nullptr, "cannot be decoded: {}", stbi_failure_reason());
  return picture;
}

}  // namespace

void decode_picture(std::span<const uint8_t> file, uint32_t size, uint32_t channels,
                    std::span<uint8_t> result) {
  const Decoded picture = decode(file, channels);
  const int side = std::min(picture.width, picture.height);
  const int left = (picture.width - side) / 2, top = (picture.height - side) / 2;
  const int pixel = static_cast<int>(channels), row = picture.width * pixel;
  const stbi_uc* square = picture.pixels.get() + top * ptrdiff_t{row} + left * pixel;
  const int target = static_cast<int>(size);
  const stbir_filter filter = target < side ? STBIR_FILTER_BOX : STBIR_FILTER_TRIANGLE;
  const int done = stbir_resize_uint8_generic(
      square, side, side, row, result.data(), target, target, target * pixel, pixel,
      STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP, filter, STBIR_COLORSPACE_LINEAR, nullptr);
  require(done != 0, "cannot be scaled from {}x{} to {}x{}: out of memory", side, side, size, size);
}

}  // namespace pumice::data
