#include "engine/data/exif.h"

#include <gtest/gtest.h>

#include "tests/support/image_files.h"

namespace pumice::data {
namespace {

using test::Bytes;
using test::exif;

TEST(Exif, ReadsEveryOrientationInBothByteOrders) {
  for (uint32_t orientation = 1; orientation <= 8; ++orientation) {
    EXPECT_EQ(exif_orientation(exif(orientation, true)), orientation);
    EXPECT_EQ(exif_orientation(exif(orientation, false)), orientation);
  }
}

TEST(Exif, IgnoresInvalidOrientations) {
  EXPECT_EQ(exif_orientation({}), 1u);
  for (uint32_t value : {0u, 9u, 256u, 65535u}) EXPECT_EQ(exif_orientation(exif(value, false)), 1u);
  for (bool big_endian : {false, true}) {
    const Bytes whole = exif(6, big_endian);
    for (size_t size = 0; size < whole.size(); ++size) {
      const uint32_t found = exif_orientation(std::span(whole).first(size));
      EXPECT_TRUE(found == 1 || found == 6) << size;
    }
    for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {  // memory errors are for the sanitizers
      Bytes damaged = whole;
      damaged[bit / 8] ^= uint8_t(1 << bit % 8);
      const uint32_t found = exif_orientation(damaged);
      EXPECT_TRUE(found >= 1 && found <= 8) << bit;
    }
  }
  Bytes far = exif(6, true);
  std::fill_n(far.begin() + 4, 4, uint8_t{0xff});  // where the directory is
  EXPECT_EQ(exif_orientation(far), 1u);
}

}  // namespace
}  // namespace pumice::data
