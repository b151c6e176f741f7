#include <memory>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#include <stb_image.h>

#include "engine/base/require.h"
#include "native/formats/image.h"

namespace pumice::formats {
namespace {

struct FreePixels {
  void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};

const uint8_t* pixel_at(const Image& image, uint32_t x, uint32_t y) {
  return &image.pixels[(uint64_t{y} * image.width + x) * image.channels];
}

}  // namespace

Image read_png(const std::filesystem::path& path) {
  int width = 0, height = 0, channels = 0;
  require(stbi_info(path.c_str(), &width, &height, &channels) != 0, "{}: is not a PNG file",
          path.string());
  channels = channels < 3 ? 1 : 3;
  int unused = 0;
  std::unique_ptr<stbi_uc, FreePixels> pixels(
      stbi_load(path.c_str(), &width, &height, &unused, channels));
  require(pixels != nullptr, "{}: cannot be decoded: {}", path.string(), stbi_failure_reason());
  Image image{.width = static_cast<uint32_t>(width),
              .height = static_cast<uint32_t>(height),
              .channels = static_cast<uint32_t>(channels),
              .pixels = {}};
  const uint64_t size = uint64_t{image.width} * image.height * image.channels;
  image.pixels.assign(pixels.get(), pixels.get() + size);
  return image;
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
