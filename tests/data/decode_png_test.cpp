#include "engine/data/decode_png.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/errors.h"
#include "tests/support/image_files.h"

namespace pumice::data {
namespace {

using test::Bytes;
using test::error_of;
using test::png_file;
using test::PngParts;

Bytes values(const PngParts& parts) { return decode_png(png_file(parts)).values; }

TEST(DecodePng, ReadsEveryKind) {
  EXPECT_EQ(values({.width = 3, .color_type = 0, .rows = {1, 128, 255}}), Bytes({1, 128, 255}));
  EXPECT_EQ(values({.color_type = 2, .rows = {1, 2, 3}}), Bytes({1, 2, 3}));
  EXPECT_EQ(values({.width = 2, .color_type = 4, .rows = {7, 0, 9, 200}}), Bytes({7, 0, 9, 200}));
  EXPECT_EQ(values({.color_type = 6, .rows = {1, 2, 3, 4}}), Bytes({1, 2, 3, 4}));
  EXPECT_EQ(values({.width = 2, .color_type = 3, .rows = {1, 0}, .palette = {9, 8, 7, 6, 5, 4}}),
            Bytes({6, 5, 4, 9, 8, 7}));
}

TEST(DecodePng, ReadsFewBits) {
  EXPECT_EQ(values({.width = 8, .color_type = 0, .bits = 1, .rows = {0b10010110}}),
            Bytes({255, 0, 0, 255, 0, 255, 255, 0}));
  EXPECT_EQ(values({.width = 4, .color_type = 0, .bits = 2, .rows = {0b00011011}}),
            Bytes({0, 85, 170, 255}));
  EXPECT_EQ(values({.width = 2, .color_type = 0, .bits = 4, .rows = {0x3f}}), Bytes({51, 255}));
  EXPECT_EQ(
      values(
          {.width = 2, .color_type = 3, .bits = 4, .rows = {0x10}, .palette = {9, 8, 7, 6, 5, 4}}),
      Bytes({6, 5, 4, 9, 8, 7}));
}

TEST(DecodePng, RoundsSixteenBits) {
  Bytes rows, rounded;
  for (uint32_t i = 0; i < 32; ++i) {
    const uint32_t value = 2114 * i;
    rows.push_back(uint8_t(value >> 8));
    rows.push_back(uint8_t(value));
    rounded.push_back(uint8_t((value * 255 + 32767) / 65535));
  }
  EXPECT_EQ(values({.width = 32, .color_type = 0, .bits = 16, .rows = rows}), rounded);
  EXPECT_EQ(values({.color_type = 6, .bits = 16, .rows = {255, 255, 128, 128, 0, 0, 64, 64}}),
            Bytes({255, 128, 0, 64}));
}

TEST(DecodePng, MakesAlphaOfTransparentColors) {
  EXPECT_EQ(values({.width = 3,
                    .color_type = 3,
                    .rows = {0, 1, 2},
                    .palette = {9, 8, 7, 6, 5, 4, 3, 2, 1},
                    .chunks = {{"tRNS", {0, 99}}}}),
            Bytes({9, 8, 7, 0, 6, 5, 4, 99, 3, 2, 1, 255}));
  EXPECT_EQ(values({.width = 2, .color_type = 0, .rows = {5, 6}, .chunks = {{"tRNS", {0, 5}}}}),
            Bytes({5, 0, 6, 255}));
  EXPECT_EQ(values({.width = 2,
                    .color_type = 2,
                    .rows = {5, 6, 7, 5, 6, 8},
                    .chunks = {{"tRNS", {0, 5, 0, 6, 0, 7}}}}),
            Bytes({5, 6, 7, 0, 5, 6, 8, 255}));
  EXPECT_EQ(values({.width = 4,
                    .color_type = 0,
                    .bits = 2,
                    .rows = {0b00011011},
                    .chunks = {{"tRNS", {0, 2}}}}),
            Bytes({0, 255, 85, 255, 170, 0, 255, 255}));
  // All 16 bits have to be equal.
  EXPECT_EQ(values({.width = 2,
                    .color_type = 0,
                    .bits = 16,
                    .rows = {128, 127, 128, 128},
                    .chunks = {{"tRNS", {128, 127}}}}),
            Bytes({128, 0, 128, 255}));
}

TEST(DecodePng, ReadsInterlacedImages) {
  PngParts parts{.width = 13, .height = 11, .color_type = 2};
  for (uint32_t i = 0; i < 3 * 13 * 11; ++i) parts.rows.push_back(uint8_t(i * 7));
  parts.interlaced = true;
  EXPECT_EQ(values(parts), parts.rows);
}

TEST(DecodePng, IgnoresGamma) {
  EXPECT_EQ(values({.color_type = 2, .rows = {1, 2, 3}, .chunks = {{"gAMA", {0, 1, 134, 160}}}}),
            Bytes({1, 2, 3}));
}

TEST(DecodePng, ReadsTheOrientation) {
  for (uint32_t i = 1; i <= 8; ++i) {
    const PngParts parts{.rows = {1, 2, 3}, .chunks = {{"eXIf", test::exif(i, i % 2 == 0)}}};
    EXPECT_EQ(decode_png(png_file(parts)).orientation, i);
  }
}

// Flips the byte after the name of that chunk.
Bytes damaged(Bytes file, std::string_view chunk) {
  auto at = std::search(file.begin(), file.end(), chunk.begin(), chunk.end());
  at[static_cast<ptrdiff_t>(chunk.size())] ^= 1;
  return file;
}

TEST(DecodePng, RefusesDamageThatAffectsPixels) {
  const Bytes file = png_file({.width = 2,
                               .color_type = 3,
                               .rows = {0, 1},
                               .palette = {9, 8, 7, 6, 5, 4},
                               .chunks = {{"tRNS", {0, 99}}, {"tEXt", {'a', 0, 'b'}}}});
  auto error = [&](std::string_view chunk) {
    return error_of([&] { decode_png(damaged(file, chunk)); });
  };
  EXPECT_EQ(error("IHDR"), "cannot be decoded: IHDR: CRC error");
  EXPECT_EQ(error("PLTE"), "cannot be decoded: PLTE: CRC error");
  EXPECT_EQ(error("tRNS"), "cannot be decoded: tRNS: CRC error");
  EXPECT_EQ(error("IDAT"), "cannot be decoded: IDAT: incorrect header check");
  EXPECT_EQ(error("IEND"), "cannot be decoded: IEND: CRC error");
  EXPECT_EQ(decode_png(damaged(file, "tEXt")).values, decode_png(file).values);
}

}  // namespace
}  // namespace pumice::data
