#include "web/state/directions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/models/latents.h"

namespace pumice::web {
namespace {

void expect_near(const Direction& found, const Direction& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-4f) << i;
}

TEST(Directions, gram_matrix_multiplies_the_transpose_with_the_matrix) {
  const std::vector<float> matrix = {1, 2, 3, 4, 5, 6};  // [3, 2]
  EXPECT_EQ(gram_matrix(matrix, 2), (std::vector<double>{35, 44, 44, 56}));
}

TEST(Directions, finds_eigenvectors_by_size_of_their_eigenvalues) {
  // Eigenvalues 5, 3 and 0; the last is left out.
  const auto directions = leading_eigenvectors({4, 1, 0, 1, 4, 0, 0, 0, 0}, 3, 3);
  ASSERT_EQ(directions.size(), 2u);
  const float half = std::sqrt(0.5f);
  expect_near(directions[0], {half, half, 0});
  EXPECT_NEAR(std::abs(directions[1][0]), half, 1e-4f);
  EXPECT_NEAR(directions[1][0], -directions[1][1], 1e-4f);
}

// A = U·diag(9, 4, 1, …)·Uᵀ in disguise: the eigenvectors of a Gram matrix of orthogonal rows.
TEST(Directions, leading_directions_are_orthonormal_and_amplified_most) {
  constexpr uint32_t kSize = 16;
  const std::vector<float> rows = models::normal_latents(5, 0, 40, kSize);
  const std::vector<double> gram = gram_matrix(rows, kSize);
  const auto directions = leading_eigenvectors(gram, kSize, 4);
  ASSERT_EQ(directions.size(), 4u);
  double before = INFINITY;
  for (size_t i = 0; i < directions.size(); ++i) {
    for (size_t k = 0; k <= i; ++k) {
      EXPECT_NEAR(coordinate(directions[i], directions[k]), i == k ? 1 : 0, 1e-3f) << i << k;
    }
    double stretch = 0;  // |A·v|²
    for (size_t row = 0; row < 40; ++row) {
      const double along = coordinate(std::span(rows).subspan(row * kSize, kSize), directions[i]);
      stretch += along * along;
    }
    EXPECT_LT(stretch, before);
    before = stretch;
  }
}

TEST(Directions, of_zeros_there_are_none) {
  EXPECT_TRUE(leading_eigenvectors(std::vector<double>(9), 3, 3).empty());
}

TEST(Directions, moves_a_point_along_a_direction_alone) {
  std::vector<float> point = {1, 2, 3};
  const Direction diagonal = {0.6f, 0, 0.8f};
  EXPECT_NEAR(coordinate(point, diagonal), 3, 1e-6f);
  set_coordinate(point, diagonal, -2);
  EXPECT_NEAR(coordinate(point, diagonal), -2, 1e-6f);
  EXPECT_EQ(point[1], 2);
  EXPECT_NEAR(point[0] * 0.8f - point[2] * 0.6f, 0.8f - 1.8f, 1e-5f);  // across it, nothing moved
}

// Also of directions that are not orthogonal.
TEST(Directions, restores_locked_coordinates) {
  const std::vector<float> before = {1, -1, 0.5f};
  const std::vector<Direction> kept = {{1, 0, 0}, {0.6f, 0.8f, 0}};
  std::vector<float> point = {4, 4, 4};
  restore_coordinates(point, before, kept);
  EXPECT_NEAR(point[0], 1, 1e-4f);
  EXPECT_NEAR(coordinate(point, kept[1]), coordinate(before, kept[1]), 1e-4f);
  EXPECT_EQ(point[2], 4);
}

}  // namespace
}  // namespace pumice::web
