#include "engine/base/require.h"
#include "engine/data/decode_png.h"
#include "engine/data/file.h"
#include "native/formats/image.h"

namespace pumice::formats {
namespace {

const uint8_t* pixel_at(const Image& image, uint32_t x, uint32_t y) {
  return &image.pixels[(uint64_t{y} * image.width + x) * image.channels];
}

Image without_alpha(const data::Pixels& pixels) {
  Image image{.width = pixels.width,
              .height = pixels.height,
              .channels = pixels.channels < 3 ? 1u : 3u,
              .pixels = {}};
  image.pixels.reserve(uint64_t{image.width} * image.height * image.channels);
  for (auto pixel = pixels.values.begin(); pixel != pixels.values.end(); pixel += pixels.channels) {
    image.pixels.insert(image.pixels.end(), pixel, pixel + image.channels);
  }
  return image;
}

}  // namespace

Image read_png(const std::filesystem::path& path) {
  const std::vector<uint8_t> file = data::read_file(path);
  try {
    return without_alpha(data::decode_png(file));
  } catch (const Error& error) {
    fail("{}: {}", path.string(), error.what());
  }
}

Image halved(const Image& image) {
  Image half{.width = image.width / 2,
             .height = image.height / 2,
             .channels = image.channels,
             .pixels = {}};
  half.pixels.reserve(uint64_t{half.width} * half.height * half.channels);
  for (uint32_t y = 0; y < half.height; ++y) {
    for (uint32_t x = 0; x < half.width; ++x) {
      const uint8_t* top = pixel_at(image, 2 * x, 2 * y);
      const uint8_t* bottom = pixel_at(image, 2 * x, 2 * y + 1);
      for (uint32_t c = 0; c < image.channels; ++c) {
        const uint32_t right = c + image.channels;
        half.pixels.push_back((top[c] + top[right] + bottom[c] + bottom[right] + 2) / 4);
      }
    }
  }
  return half;
}

Image read_grid(const std::filesystem::path& path) { return halved(read_png(path)); }

}  // namespace pumice::formats
