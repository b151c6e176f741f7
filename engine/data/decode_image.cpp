#include "engine/data/decode_image.h"

#include <algorithm>
#include <string_view>

#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#include <stb_image_resize.h>

#include "engine/base/require.h"
#include "engine/data/decode_jpeg.h"
#include "engine/data/decode_png.h"

namespace pumice::data {
namespace {

/// Names the kind of a file that is not a PNG or JPEG from its first bytes, including what
/// downloads of images often contain after an error.
std::string_view other_kind(std::string_view file) {
  using namespace std::string_view_literals;
  const auto from = [&](size_t at) { return file.substr(std::min(file.size(), at)); };
  if (file.starts_with("RIFF") && from(8).starts_with("WEBP")) return " but WebP";
  if (file.starts_with("GIF8")) return " but GIF";
  if (file.starts_with("BM")) return " but BMP";
  if (file.starts_with("II*\0"sv) || file.starts_with("MM\0*"sv)) return " but TIFF";
  if (from(4).starts_with("ftyp")) return " but HEIF or AVIF";
  if (file.starts_with("\x1f\x8b")) return " but compressed with gzip";
  if (file.starts_with("<")) return " but text such as HTML or SVG";
  return "";
}

Pixels decode(std::span<const uint8_t> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  require(!file.empty(), "is empty");
  if (text.starts_with("\xff\xd8")) return decode_jpeg(file);
  if (text.starts_with("\x89PNG")) return decode_png(file);
  fail("is not a PNG or JPEG file{}", other_kind(text));
}

/// A square of pixels in memory; steps in bytes.
struct Square {
  const uint8_t* first = nullptr;
  int side = 0;
  ptrdiff_t right = 0;
  ptrdiff_t down = 0;
};

// The central square of the image in its display orientation, in which `right` may be any
// direction in memory.
Square middle_of(const Pixels& pixels) {
  const uint32_t o = pixels.orientation;
  const bool is_transposed = o >= 5, from_right = o == 2 || o == 3 || o == 7 || o == 8,
             from_bottom = o == 3 || o == 4 || o == 6 || o == 7;
  ptrdiff_t right = pixels.channels, down = static_cast<ptrdiff_t>(pixels.row_bytes());
  const uint8_t* first = pixels.values.data();
  if (from_right) first += (pixels.width - 1) * std::exchange(right, -right);
  if (from_bottom) first += (pixels.height - 1) * std::exchange(down, -down);
  int width = static_cast<int>(pixels.width), height = static_cast<int>(pixels.height);
  if (is_transposed) std::swap(right, down), std::swap(width, height);
  const int side = std::min(width, height);
  first += (width - side) / 2 * right + (height - side) / 2 * down;
  return {.first = first, .side = side, .right = right, .down = down};
}

uint8_t blend(uint8_t value, uint8_t background, uint32_t alpha) {
  return static_cast<uint8_t>((value * alpha + background * (255 - alpha) + 127) / 255);
}

// Converts a pixel of `channels` values to grey or colour, without transparency.
void convert(const uint8_t* pixel, uint32_t channels, const ImageForm& form, uint8_t* result) {
  const uint32_t green = channels < 3 ? 0 : 1, blue = 2 * green;
  Rgb color{pixel[0], pixel[green], pixel[blue]};
  if (channels % 2 == 0) {
    const uint32_t alpha = pixel[channels - 1];
    for (size_t c = 0; c < 3; ++c) color[c] = blend(color[c], form.background[c], alpha);
  }
  if (form.channels == 3)
    std::copy_n(color.begin(), 3, result);
  else
    *result = static_cast<uint8_t>((77 * color[0] + 150 * color[1] + 29 * color[2]) >> 8);
}

// Scales a square that already has the result's channels.
void scale(const Square& square, const ImageForm& form, std::span<uint8_t> result) {
  const int side = square.side, target = static_cast<int>(form.size);
  const int channels = static_cast<int>(form.channels);
  const stbir_filter filter = target < side ? STBIR_FILTER_BOX : STBIR_FILTER_TRIANGLE;
  const int done = stbir_resize_uint8_generic(
      square.first, side, side, static_cast<int>(square.down), result.data(), target, target,
      target * channels, channels, STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP, filter,
      STBIR_COLORSPACE_LINEAR, nullptr);
  require(done != 0, "cannot be scaled from {}x{} to {}x{}: out of memory", side, side, target,
          target);
}

}  // namespace

void decode_image(std::span<const uint8_t> file, const ImageForm& form, std::span<uint8_t> result) {
  const Pixels pixels = decode(file);
  const Square square = middle_of(pixels);
  if (pixels.channels == form.channels && pixels.orientation == 1) {
    return scale(square, form, result);
  }
  const size_t side = static_cast<size_t>(square.side), pixel = form.channels;
  std::vector<uint8_t> converted(side * side * pixel);
  for (size_t y = 0; y < side; ++y) {
    const uint8_t* from = square.first + static_cast<ptrdiff_t>(y) * square.down;
    for (size_t x = 0; x < side; ++x, from += square.right) {
      convert(from, pixels.channels, form, &converted[(y * side + x) * pixel]);
    }
  }
  scale({.first = converted.data(),
         .side = square.side,
         .right = static_cast<ptrdiff_t>(pixel),
         .down = static_cast<ptrdiff_t>(side * pixel)},
        form, result);
}

}  // namespace pumice::data
