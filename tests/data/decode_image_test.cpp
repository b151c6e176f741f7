#include "engine/data/decode_image.h"

#include <gtest/gtest.h>

#include <cmath>

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <stb_image_write.h>

#include "tests/support/errors.h"
#include "tests/support/image_files.h"
#include "tests/support/images.h"

namespace pumice::data {
namespace {

using test::Bytes;
using test::error_of;
using test::plain_image;

void append(void* context, void* data, int size) {
  auto* bytes = static_cast<Bytes*>(context);
  bytes->insert(bytes->end(), static_cast<uint8_t*>(data), static_cast<uint8_t*>(data) + size);
}

Bytes png(const formats::Image& image) {
  Bytes bytes;
  const int row = static_cast<int>(image.width * image.channels);
  stbi_write_png_to_func(append, &bytes, int(image.width), int(image.height), int(image.channels),
                         image.pixels.data(), row);
  return bytes;
}

Bytes jpeg(const formats::Image& image) {
  Bytes bytes;
  stbi_write_jpg_to_func(append, &bytes, int(image.width), int(image.height), int(image.channels),
                         image.pixels.data(), 95);
  return bytes;
}

Bytes decoded(const Bytes& file, uint32_t size, uint32_t channels = 3, Rgb background = {}) {
  Bytes pixels(size * size * channels);
  decode_image(file, {.size = size, .channels = channels, .background = background}, pixels);
  return pixels;
}

TEST(DecodeImage, ReadsPngAndJpeg) {
  const formats::Image orange = plain_image(20, 10, {250, 130, 30});
  const Bytes from_png = decoded(png(orange), 4), from_jpeg = decoded(jpeg(orange), 4);
  for (size_t i = 0; i < from_png.size(); ++i) {
    EXPECT_EQ(from_png[i], orange.pixels[i % 3]) << i;
    EXPECT_NEAR(from_jpeg[i], orange.pixels[i % 3], 3) << i;
  }
}

TEST(DecodeImage, MakesGreyOrColourOfEither) {
  EXPECT_EQ(decoded(png(plain_image(2, 2, {77})), 1, 3), Bytes({77, 77, 77}));
  const uint8_t grey = decoded(png(plain_image(2, 2, {200, 100, 50})), 1, 1)[0];
  EXPECT_NEAR(grey, 0.299 * 200 + 0.587 * 100 + 0.114 * 50, 1.5);
}

// Columns 0 … 11: the middle 8 are kept, and each result is the mean of four pixels.
TEST(DecodeImage, CutsOutTheMiddleAndAverages) {
  formats::Image columns{.width = 12, .height = 8, .channels = 1, .pixels = {}};
  for (uint32_t i = 0; i < 12 * 8; ++i) columns.pixels.push_back(uint8_t(20 * (i % 12)));
  EXPECT_EQ(decoded(png(columns), 4, 1),
            Bytes({50, 90, 130, 170, 50, 90, 130, 170, 50, 90, 130, 170, 50, 90, 130, 170}));
  formats::Image rows{.width = 8, .height = 12, .channels = 1, .pixels = {}};
  for (uint32_t i = 0; i < 12 * 8; ++i) rows.pixels.push_back(uint8_t(20 * (i / 8)));
  EXPECT_EQ(decoded(png(rows), 2, 1), Bytes({70, 70, 150, 150}));
}

// A fine pattern becomes grey where pixels merge, not a coarse pattern.
TEST(DecodeImage, DoesNotAlias) {
  formats::Image board{.width = 63, .height = 63, .channels = 1, .pixels = {}};
  for (uint32_t i = 0; i < 63 * 63; ++i) board.pixels.push_back(i % 2 == 0 ? 0 : 255);
  for (uint8_t pixel : decoded(png(board), 8, 1)) EXPECT_NEAR(pixel, 127.5, 12);
}

TEST(DecodeImage, Enlarges) {
  formats::Image two{.width = 2, .height = 2, .channels = 1, .pixels = {0, 100, 0, 100}};
  const Bytes pixels = decoded(png(two), 4, 1);
  EXPECT_EQ(Bytes(pixels.begin(), pixels.begin() + 4), Bytes({0, 25, 75, 100}));
}

// A small file whose header claims to have side x side pixels.
Bytes claiming(uint32_t side) {
  Bytes file = png(plain_image(2, 2, {1}));
  for (int i = 0; i < 4; ++i) file[16 + i] = file[20 + i] = uint8_t(side >> (24 - 8 * i));
  const unsigned checksum = stbiw__crc32(file.data() + 12, 17);
  for (int i = 0; i < 4; ++i) file[29 + i] = uint8_t(checksum >> (24 - 8 * i));
  return file;
}

TEST(DecodeImage, SaysWhatIsBroken) {
  auto error = [](const Bytes& file) { return error_of([&] { decoded(file, 4); }); };
  formats::Image noise = plain_image(64, 64, {0, 0, 0});
  for (size_t i = 0; i < noise.pixels.size(); ++i)
    noise.pixels[i] = uint8_t(i * i * 2654435761u >> 13);
  for (Bytes file : {png(noise), jpeg(noise)}) {
    ASSERT_EQ(error(file), "(no error)");
    for (size_t part : {1u, 2u, 3u, 8u, 16u, 100u}) {
      Bytes cut(file.begin(), file.end() - static_cast<ptrdiff_t>(file.size() / (part + 1)) - 1);
      EXPECT_EQ(error(cut), "is cut off") << "with " << cut.size() << " of " << file.size();
    }
  }
  Bytes damaged = png(noise);
  for (size_t i = 60; i < 160; ++i) damaged[i] ^= 0x5a;
  EXPECT_TRUE(error(damaged).starts_with("cannot be decoded: IDAT: ")) << error(damaged);
  EXPECT_EQ(error(claiming(20'000)), "has 20000x20000 pixels, too many");
  EXPECT_EQ(error(claiming(10'000)), "is cut off");
}

TEST(DecodeImage, NamesOtherKindsOfFiles) {
  auto error = [](std::string_view text) {
    return error_of([&] { decoded(Bytes(text.begin(), text.end()), 4); });
  };
  const std::string begin = "is not a PNG or JPEG file";
  for (const char* cut : {"RIFF", "RIFF123", "BMx", "ftyp", "\1"}) {
    EXPECT_TRUE(error(cut).starts_with(begin)) << cut;
  }
  EXPECT_EQ(error(""), "is empty");
  EXPECT_EQ(error("hello"), begin);
  EXPECT_EQ(error("GIF89a"), begin + " but GIF");
  EXPECT_EQ(error({"RIFF\x24\0\0\0WEBPVP8 ", 16}), begin + " but WebP");
  EXPECT_EQ(error({"\0\0\0\x18"
                   "ftypheic",
                   12}),
            begin + " but HEIF or AVIF");
  EXPECT_EQ(error({"\x1f\x8b\x08\0", 4}), begin + " but compressed with gzip");
  EXPECT_EQ(error("<!DOCTYPE html>"), begin + " but text such as HTML or SVG");
}

TEST(DecodeImage, NoticesEveryDamagedBitOfAPng) {
  const Bytes whole = png(plain_image(2, 2, {1, 2, 3}));
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    Bytes damaged = whole;
    damaged[bit / 8] ^= uint8_t(1 << bit % 8);
    EXPECT_NE(error_of([&] { decoded(damaged, 2); }), "(no error)") << bit;
  }
  Bytes text = whole;  // a chunk after the IHDR that no pixel depends on
  const Bytes chunk{0, 0, 0, 1, 't', 'E', 'X', 't', 'a', 1, 2, 3, 4};
  text.insert(text.begin() + 33, chunk.begin(), chunk.end());
  EXPECT_EQ(decoded(text, 2), decoded(whole, 2));
}

// Two columns with an alpha of 0 and 51 (a fifth).
TEST(DecodeImage, LaysTransparencyOnTheBackground) {
  const Bytes rgba = test::png_file({.width = 2,
                                     .height = 2,
                                     .color_type = 6,
                                     .rows = {9, 80, 70, 0, 200, 100, 50, 51,  //
                                              9, 80, 70, 0, 200, 100, 50, 51}});
  EXPECT_EQ(decoded(rgba, 2), Bytes({0, 0, 0, 40, 20, 10, 0, 0, 0, 40, 20, 10}));
  EXPECT_EQ(decoded(rgba, 2, 3, {255, 255, 255}),
            Bytes({255, 255, 255, 244, 224, 214, 255, 255, 255, 244, 224, 214}));
  EXPECT_EQ(decoded(rgba, 2, 3, {10, 20, 30}),
            Bytes({10, 20, 30, 48, 36, 34, 10, 20, 30, 48, 36, 34}));
  EXPECT_EQ(decoded(rgba, 2, 1, {10, 20, 30}), Bytes({18, 39, 18, 39}));
  // First blended, then scaled: the mean of both columns.
  EXPECT_EQ(decoded(rgba, 1, 3, {10, 20, 30}), Bytes({29, 28, 32}));
  EXPECT_EQ(decoded(rgba, 1, 1), Bytes({12}));
}

// 5 x 2 pixels whose middle square differs when the image is turned.
TEST(DecodeImage, CutsTheMiddleOfTheTurnedImage) {
  auto turned = [](uint32_t orientation) {
    return decoded(test::png_file({.width = 5,
                                   .height = 2,
                                   .color_type = 0,
                                   .rows = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100},
                                   .chunks = {{"eXIf", test::exif(orientation, true)}}}),
                   2, 1);
  };
  EXPECT_EQ(turned(1), Bytes({20, 30, 70, 80}));
  EXPECT_EQ(turned(2), Bytes({40, 30, 90, 80}));
  EXPECT_EQ(turned(3), Bytes({90, 80, 40, 30}));
  EXPECT_EQ(turned(4), Bytes({70, 80, 20, 30}));
  EXPECT_EQ(turned(5), Bytes({20, 70, 30, 80}));
  EXPECT_EQ(turned(6), Bytes({70, 20, 80, 30}));
  EXPECT_EQ(turned(7), Bytes({90, 40, 80, 30}));
  EXPECT_EQ(turned(8), Bytes({40, 90, 30, 80}));
  EXPECT_EQ(turned(9), turned(1));
}

TEST(DecodeImage, KnowsColorsByName) {
  EXPECT_EQ(color_by_name("black"), Rgb({0, 0, 0}));
  EXPECT_EQ(color_by_name("white"), Rgb({255, 255, 255}));
  EXPECT_EQ(color_by_name("#80c0Ff"), Rgb({128, 192, 255}));
  for (const char* name :
       {"", "red", "#80c0f", "#80c0ff0", "#80c0fg", "80c0ff", "#-1c0ff", "#+1c0ff"}) {
    EXPECT_FALSE(color_by_name(name)) << name;
  }
}

}  // namespace
}  // namespace pumice::data
