#include "engine/metrics/neighbours.h"

#include <gtest/gtest.h>

#include "engine/metrics/distances.h"
#include "tests/metrics/samples.h"
#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

using test::normal_features;

TEST(Neighbours, FindMemorizedImages) {
  const Features among = normal_features(500, 7, 1);
  Features queries{.count = 2, .size = 7};
  queries.values.assign(among.values.begin() + 7 * 321, among.values.begin() + 7 * 323);
  queries.values[9] += 0.5f;
  const std::vector<Neighbour> found = nearest_neighbours(queries, among);
  EXPECT_EQ(found[0].index, 321u);
  EXPECT_EQ(found[0].distance, 0);
  EXPECT_EQ(found[1].index, 322u);
  EXPECT_NEAR(found[1].distance, 0.5, 1e-6);
}

// Far from 0, products in single precision lose the differences entirely.
TEST(Neighbours, AreExactWhereSinglePrecisionIsNot) {
  const Features among = normal_features(200, 33, 1, 3000, 0.01);
  const Features queries = normal_features(70, 33, 2, 3000, 0.01);
  const Distances distances(among);
  distances.for_each(queries, [&](const Distances::Row& row) {
    const std::vector<Neighbour> nearest = row.nearest(4, 11);
    uint32_t nearer = 0;
    for (uint32_t i = 0; i < among.count; ++i) {
      const double squared = row.squared(i);
      EXPECT_EQ(row.is_below(i, squared), false);
      EXPECT_EQ(row.is_below(i, squared * (1 + 1e-12)), true);
      nearer += i != 11 && squared < nearest[3].distance * nearest[3].distance * (1 - 1e-12);
    }
    EXPECT_EQ(nearer, 3u);
  });
}

TEST(Neighbours, TakeTheFirstOfEquals) {
  const Features queries{.count = 1, .size = 1, .values = {0}};
  const Features among{.count = 4, .size = 1, .values = {2, 1, -1, 1}};
  EXPECT_EQ(nearest_neighbours(queries, among)[0].index, 1u);
}

TEST(Neighbours, RefuseOtherFeatures) {
  EXPECT_EQ(test::error_of(
                [] { nearest_neighbours(normal_features(5, 4, 1), normal_features(5, 3, 1)); }),
            "nearest_neighbours: expects features of one extractor, got 4 and 3 numbers for an "
            "image");
  EXPECT_EQ(test::error_of([] { nearest_neighbours(normal_features(5, 4, 1), {}); }),
            "nearest_neighbours: expects samples with features, got 0 numbers for 0 samples of 0");
}

}  // namespace
}  // namespace pumice::metrics
