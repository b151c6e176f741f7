#include "native/views/latent_scatter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/errors.h"

namespace pumice {
namespace {

TEST(LatentPlane, KeepsTwoNumbersUnchanged) {
  const views::LatentPlane plane = views::latent_plane(std::vector<float>{1, 2, -3, 0.5f}, 2);
  ASSERT_EQ(plane.points.size(), 2u);
  EXPECT_EQ(plane.points[1].x, -3);
  EXPECT_EQ(plane.points[1].y, 0.5);
  EXPECT_EQ(plane.reach, 4);
}

// Means in a plane of five dimensions, about (7, 7, 7, 7, 7): along a = (3, 0, 4, 0, 0)/5 they vary
// more than along b = (0, 1, 0, 0, 0), so these are the components.
TEST(LatentPlane, ProjectsMoreOntoPrincipalComponents) {
  std::vector<float> means;
  for (int i = 0; i < 8; ++i) {
    const float along_a = 10 * std::cos(i * 0.7853982f), along_b = std::sin(i * 0.7853982f);
    means.insert(means.end(), {7 + 0.6f * along_a, 7 + along_b, 7 + 0.8f * along_a, 7, 7});
  }
  const views::LatentPlane plane = views::latent_plane(means, 5);
  for (int i = 0; i < 8; ++i) {
    EXPECT_NEAR(plane.points[i].x, 10 * std::cos(i * 0.7853982), 1e-5) << i;
    EXPECT_NEAR(plane.points[i].y, std::sin(i * 0.7853982), 1e-5) << i;
  }
  EXPECT_NEAR(plane.reach, 10.5, 1e-4);
}

TEST(LatentPlane, NeedsTwoNumbers) {
  EXPECT_EQ(test::error_of([] {
              views::latent_plane(std::vector<float>{1, 2}, 1);
            }),
            "latent_plane: expected latents of 2 numbers or more, got 1");
}

}  // namespace
}  // namespace pumice
