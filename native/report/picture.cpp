#include "native/report/picture.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

#include <zlib.h>

namespace {

// zlib's deflate makes files of photographs and digits a tenth smaller than stb's own.
unsigned char* deflate_for_stb(unsigned char* data, int size, int* result_size, int quality) {
  uLongf bytes = compressBound(static_cast<uLong>(size));
  auto* result = static_cast<unsigned char*>(std::malloc(bytes));
  if (result == nullptr) return nullptr;
  compress2(result, &bytes, data, static_cast<uLong>(size), quality);
  *result_size = static_cast<int>(bytes);
  return result;
}

}  // namespace

#define STBIW_ZLIB_COMPRESS deflate_for_stb
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <stb_image_write.h>

#include "engine/base/atomic_file.h"
#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "native/report/origin.h"

namespace pumice::report {
namespace {

// Copies one picture, every pixel scale x scale, to where its top left corner goes.
void place(std::span<const uint8_t> source, uint32_t source_width, uint32_t scale, uint32_t left,
           uint32_t top, Picture& target) {
  uint32_t channels = target.channels;
  uint64_t pixels = source.size() / channels;
  for (uint64_t pixel = 0; pixel < pixels * scale * scale; ++pixel) {
    uint64_t x = pixel % (uint64_t{source_width} * scale);
    uint64_t y = pixel / (uint64_t{source_width} * scale);
    const uint8_t* from = &source[(y / scale * source_width + x / scale) * channels];
    std::copy_n(from, channels, &target.pixels[((top + y) * target.width + left + x) * channels]);
  }
}

}  // namespace

Picture grid(std::span<const uint8_t> pixels, uint32_t height, uint32_t width, uint32_t channels,
             const GridOptions& options) {
  uint64_t size = uint64_t{height} * width * channels;
  require(size > 0 && !pixels.empty() && pixels.size() % size == 0,
          "grid: expected whole pictures of {}x{}x{}, got {} bytes", height, width, channels,
          pixels.size());
  auto count = static_cast<uint32_t>(pixels.size() / size);
  uint32_t columns = options.columns;
  if (columns == 0) columns = static_cast<uint32_t>(std::ceil(std::sqrt(count)));
  uint32_t rows = divide_up(count, columns);
  uint32_t scale = std::max(options.scale, 1u);
  Picture result{.width = (columns * (width + options.margin) + options.margin) * scale,
                 .height = (rows * (height + options.margin) + options.margin) * scale,
                 .channels = channels,
                 .pixels = {}};
  result.pixels.assign(uint64_t{result.width} * result.height * channels, options.background);
  for (uint32_t index = 0; index < count; ++index) {
    uint32_t left = (index % columns * (width + options.margin) + options.margin) * scale;
    uint32_t top = (index / columns * (height + options.margin) + options.margin) * scale;
    place(pixels.subspan(index * size, size), width, scale, left, top, result);
  }
  return result;
}

std::string encode_png(const Picture& picture) {
  std::string png;
  auto append = [](void* context, void* data, int size) {
    static_cast<std::string*>(context)->append(static_cast<char*>(data), static_cast<size_t>(size));
  };
  int width = static_cast<int>(picture.width);
  int channels = static_cast<int>(picture.channels);
  int written = stbi_write_png_to_func(append, &png, width, static_cast<int>(picture.height),
                                       channels, picture.pixels.data(), width * channels);
  require(written != 0, "png: cannot encode a picture of {}x{}x{}", picture.width, picture.height,
          picture.channels);
  return with_generator(png);
}

void write_png(const std::filesystem::path& path, const Picture& picture) {
  write_file_atomically(path, encode_png(picture));
}

}  // namespace pumice::report
