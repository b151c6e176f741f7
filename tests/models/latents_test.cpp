#include "engine/models/latents.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/errors.h"

namespace pumice::models {
namespace {

TEST(Latents, OfASeedDoNotDependOnTheirNumber) {
  std::vector<float> many = normal_latents(7, 0, 5, 3);
  std::vector<float> last = normal_latents(7, 4, 1, 3);
  EXPECT_EQ(std::vector<float>(many.begin() + 12, many.end()), last);
  EXPECT_NE(normal_latents(8, 4, 1, 3), last);
}

TEST(Latents, AreStandardNormal) {
  std::vector<float> values = normal_latents(1, 0, 2000, 10);
  double mean = 0, square = 0;
  for (float value : values) mean += value / 20000, square += value * value / 20000;
  EXPECT_NEAR(mean, 0, 0.03);
  EXPECT_NEAR(square, 1, 0.05);
}

// Other programs that draw samples from a seed can be checked against these.
TEST(Latents, AreTheseNumbers) {
  std::vector<float> latents = normal_latents(1, 0, 1, 4);
  const std::vector<double> known{-0.0710275675, 1.3428973571, 0.6680635120, -0.5671803564};
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR(latents[i], known[i], 1e-5) << i;
}

TEST(Latents, InterpolateOnLinesAndArcs) {
  std::vector<float> a{2, 0}, b{0, 2};
  EXPECT_EQ(interpolate(a, b, 3, false), (std::vector<float>{2, 0, 1, 1, 0, 2}));
  std::vector<float> arc = interpolate(a, b, 3, true);
  EXPECT_NEAR(arc[2], std::sqrt(2), 1e-6);
  EXPECT_NEAR(arc[3], std::sqrt(2), 1e-6);
  EXPECT_EQ(interpolate(a, a, 2, true), (std::vector<float>{2, 0, 2, 0}));
}

TEST(Latents, InterpolateBetweenCorners) {
  const std::vector<float> a{0, 0}, b{2, 0}, c{0, 4}, d{2, 4};
  EXPECT_EQ(interpolate_corners(a, b, c, d, 3, false),
            (std::vector<float>{0, 0, 1, 0, 2, 0, 0, 2, 1, 2, 2, 2, 0, 4, 1, 4, 2, 4}));
  const std::vector<float> x{1, 0}, y{0, 1};
  const std::vector<float> arcs = interpolate_corners(x, y, x, y, 3, true);
  EXPECT_NEAR(arcs[2], std::sqrt(0.5f), 1e-6) << "in the middle of the arc";
}

TEST(Latents, AreTruncatedByAFactor) {
  std::vector<float> latents{2, -1, 0};
  truncate(latents, 0.5);
  EXPECT_EQ(latents, (std::vector<float>{1, -0.5f, 0}));
}

TEST(Latents, CoverThePlaneEvenly) {
  std::vector<float> grid = manifold_latents(2);
  const float quartile = 0.67448975f;
  const std::vector<float> expected{-quartile, quartile,  quartile, quartile,
                                    -quartile, -quartile, quartile, -quartile};
  for (size_t i = 0; i < 8; ++i) EXPECT_NEAR(grid[i], expected[i], 1e-6) << i;
  EXPECT_NEAR(inverse_normal_cdf(0.975), 1.959963984540054, 1e-12);
  EXPECT_NEAR(inverse_normal_cdf(0.5), 0, 1e-12);
  EXPECT_EQ(test::error_of([] { inverse_normal_cdf(1); }),
            "inverse_normal_cdf: expects a probability between 0 and 1, got 1");
}

}  // namespace
}  // namespace pumice::models
