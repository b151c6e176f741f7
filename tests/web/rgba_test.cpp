#include "web/drawing/rgba.h"

#include <gtest/gtest.h>

namespace pumice::web {
namespace {

// 3 × 3 pixels of one grey each.
Rgba greys(const std::vector<uint8_t>& values) {
  Rgba image{3, 3, {}};
  for (uint8_t value : values) image.pixels.insert(image.pixels.end(), {value, value, 0, 255});
  return image;
}

TEST(Rgba, shrinks_to_the_means_of_squares) {
  const Rgba small = shrunk(greys({10, 20, 30,  //
                                   30, 40, 51,  //
                                   7, 10, 200}),
                            2);
  EXPECT_EQ(small.width, 2u);
  EXPECT_EQ(small.height, 2u);
  // 25, 40.5; 8.5, 200
  EXPECT_EQ(small.pixels, (std::vector<uint8_t>{25, 25, 0, 255, 41, 41, 0, 255,  //
                                                9, 9, 0, 255, 200, 200, 0, 255}));
}

TEST(Rgba, keeps_images_that_need_no_shrinking) {
  const Rgba image = greys({1, 2, 3, 4, 5, 6, 7, 8, 9});
  EXPECT_EQ(shrunk(image, 1).pixels, image.pixels);
}

}  // namespace
}  // namespace pumice::web
