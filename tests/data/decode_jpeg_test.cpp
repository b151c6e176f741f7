#include "engine/data/decode_jpeg.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/support/errors.h"
#include "tests/support/image_files.h"

namespace pumice::data {
namespace {

using test::Bytes;
using test::error_of;
using test::jpeg_file;
using test::JpegParts;

constexpr uint32_t kWidth = 40, kHeight = 24;

// Smooth, so that compression loses little.
Bytes gradient(uint32_t channels) {
  Bytes values;
  for (uint32_t i = 0; i < kWidth * kHeight; ++i) {
    const uint32_t x = i % kWidth, y = i / kWidth;
    const uint32_t value[] = {20 + 5 * x, 20 + 8 * y, 250 - 3 * x - 4 * y, 255 - 3 * y};
    for (uint32_t c = 0; c < channels; ++c) values.push_back(uint8_t(value[c]));
  }
  return values;
}

JpegParts parts(uint32_t channels = 3) {
  return {.width = kWidth, .height = kHeight, .channels = channels, .values = gradient(channels)};
}

int most_apart(const Bytes& a, const Bytes& b) {
  if (a.size() != b.size()) return 256;
  int most = 0;
  for (size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

std::string error(const Bytes& file) {
  return error_of([&] { decode_jpeg(file); });
}

TEST(DecodeJpeg, ReadsGreyAndColor) {
  EXPECT_LE(most_apart(decode_jpeg(jpeg_file(parts(1))).values, gradient(1)), 1);
  EXPECT_LE(most_apart(decode_jpeg(jpeg_file(parts(3))).values, gradient(3)), 3);
  JpegParts other = parts();
  other.progressive = other.halved_colors = true;
  EXPECT_LE(most_apart(decode_jpeg(jpeg_file(other)).values, gradient(3)), 8);
}

// 255 means no ink: each color is what its ink and black let through.
TEST(DecodeJpeg, MixesInks) {
  const Bytes inks = gradient(4);
  Bytes colors;
  for (size_t at = 0; at < inks.size(); at += 4) {
    for (size_t c = 0; c < 3; ++c) colors.push_back(uint8_t(inks[at + c] * inks[at + 3] / 255));
  }
  JpegParts cmyk = parts(4);
  EXPECT_LE(most_apart(decode_jpeg(jpeg_file(cmyk)).values, colors), 3);
  cmyk.ycck = true;
  EXPECT_LE(most_apart(decode_jpeg(jpeg_file(cmyk)).values, colors), 4);
}

TEST(DecodeJpeg, ReadsEveryOrientationInBothByteOrders) {
  EXPECT_EQ(decode_jpeg(jpeg_file(parts())).orientation, 1u);
  for (uint32_t i = 1; i <= 8; ++i) {
    for (bool big_endian : {false, true}) {
      JpegParts tagged = parts();
      tagged.exif = test::exif(i, big_endian);
      EXPECT_EQ(decode_jpeg(jpeg_file(tagged)).orientation, i);
    }
  }
}

TEST(DecodeJpeg, IgnoresBytesAfterTheEnd) {
  const Bytes whole = jpeg_file(parts());
  const Bytes pixels = decode_jpeg(whole).values;
  for (const Bytes& more : {Bytes(3), Bytes(100000, 0xda), whole, Bytes{0xff, 0xd9, 0xff, 0xda}}) {
    Bytes file = whole;
    file.insert(file.end(), more.begin(), more.end());
    EXPECT_EQ(decode_jpeg(file).values, pixels);
  }
  // Some cameras leave bytes before the end marker.
  Bytes padded = whole;
  padded.insert(padded.end() - 2, 5, 0);
  EXPECT_EQ(decode_jpeg(padded).values, pixels);
}

TEST(DecodeJpeg, RefusesFilesThatAreCutOff) {
  JpegParts progressive = parts(), restarting = parts();
  progressive.progressive = true;
  restarting.restart_rows = 1;
  for (const JpegParts& kind : {parts(1), parts(3), parts(4), progressive, restarting}) {
    const Bytes whole = jpeg_file(kind);
    for (size_t size = 2; size < whole.size(); size += 1 + size / 40) {
      Bytes cut(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
      EXPECT_EQ(error(cut), "is cut off") << size << " of " << whole.size();
      cut.insert(cut.end(), 300, 0);  // as a full disk leaves them
      EXPECT_NE(error(cut), "(no error)") << size << " of " << whole.size();
    }
  }
  Bytes ended = jpeg_file(parts());
  ended.erase(ended.end() - 60, ended.end() - 2);
  EXPECT_EQ(error(ended), "is cut off") << "with an end marker";
}

TEST(DecodeJpeg, RefusesDamagedPixels) {
  JpegParts restarting = parts();
  restarting.restart_rows = 1;
  Bytes file = jpeg_file(restarting);
  const Bytes second{0xff, 0xd1};
  auto at = std::search(file.begin(), file.end(), second.begin(), second.end());
  ASSERT_NE(at, file.end());
  Bytes longer = file, lost = file;
  longer.insert(longer.begin() + (at - file.begin()), 9, 0);
  EXPECT_EQ(error(longer),
            "cannot be decoded: Corrupt JPEG data: 9 extraneous bytes before marker 0xd1");
  lost[static_cast<size_t>(at - file.begin()) + 1] = 0xd5;
  EXPECT_TRUE(error(lost).starts_with("cannot be decoded: Corrupt JPEG data")) << error(lost);
  Bytes ones = jpeg_file(parts());
  for (size_t i = ones.size() - 90; i < ones.size() - 50; i += 2) ones[i] = 0xff, ones[i + 1] = 0;
  EXPECT_EQ(error(ones), "cannot be decoded: Corrupt JPEG data: bad Huffman code");
}

TEST(DecodeJpeg, RefusesWhatCannotBeInTheFile) {
  Bytes file = jpeg_file({.width = 8, .height = 8, .channels = 1, .values = Bytes(64, 9)});
  const Bytes frame{0xff, 0xc0};
  const auto at = std::search(file.begin(), file.end(), frame.begin(), frame.end());
  ASSERT_NE(at, file.end());
  at[5] = at[7] = 0x27;  // height and width: 10,000
  at[6] = at[8] = 0x10;
  EXPECT_EQ(error_of([&] { decode_jpeg(file); }), "is cut off");
}

}  // namespace
}  // namespace pumice::data
