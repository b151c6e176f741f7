#include "native/views/projection.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pumice::views {
namespace {

// Places that are a linear map of the rows are found up to the penalty.
TEST(Projection, FitsPlaces) {
  std::vector<float> rows, places;
  for (int i = 0; i < 30; ++i) {
    const auto a = static_cast<float>(std::sin(i)), b = static_cast<float>(std::cos(2 * i)),
               c = static_cast<float>(i % 3 - 1);
    rows.insert(rows.end(), {5 + a, b, c});
    places.insert(places.end(), {2 * a - b, 3 * c});
  }
  const Projection projection = fitted_projection(rows, 3, places);
  const std::vector<double> expected = {2, -1, 0, 0, 0, 3};
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(projection.axes[i], expected[i], 0.05) << i;
  double average = 0;
  for (size_t i = 0; i < rows.size(); i += 3) average += rows[i] / 30.0;
  EXPECT_NEAR(projection.mean[0], average, 1e-6);
}

// With few rows the axes come from another matrix.
TEST(Projection, FindsTheAxesOfFewAndOfManyRows) {
  for (int repeats : {1, 3}) {
    std::vector<float> rows;
    for (int i = 0; i < repeats; ++i) {
      for (float side : {-1.0f, 1.0f}) {
        rows.insert(rows.end(), {0, 3 * side, 0, 0, 4 * side});
        rows.insert(rows.end(), {1, 2 * side, 1, 1, -1.5f * side});
      }
    }
    const Projection projection = principal_projection(rows, 5);
    const double expected[] = {0, 0.6, 0, 0, 0.8, 0, 0.8, 0, 0, -0.6};
    for (size_t i = 0; i < 10; ++i) EXPECT_NEAR(projection.axes[i], expected[i], 1e-6) << i;
  }
}

// One image that is always the same cannot be placed, but gives no infinities.
TEST(Projection, SurvivesRowsThatDoNotVary) {
  const std::vector<float> rows(12, 0.5f), places(6);
  for (double axis : fitted_projection(rows, 4, places).axes) EXPECT_EQ(axis, 0);
  for (double place : principal_projection(rows, 4).place(std::span(rows).first(4))) {
    EXPECT_EQ(place, 0);
  }
}

}  // namespace
}  // namespace pumice::views
