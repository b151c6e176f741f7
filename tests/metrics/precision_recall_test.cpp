#include "engine/metrics/precision_recall.h"

#include <gtest/gtest.h>

#include "tests/metrics/samples.h"
#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

using test::normal_features;

TEST(Manifolds, OfTheSameSamplesAreTheSame) {
  const Features samples = normal_features(300, 4, 1);
  const ManifoldComparison same = compare_manifolds(samples, samples, 3);
  EXPECT_EQ(same.precision, 1);
  EXPECT_EQ(same.recall, 1);
  EXPECT_EQ(same.density, 1);  // each ball holds its own sample and all neighbours but the last
  EXPECT_EQ(same.coverage, 1);
}

TEST(Manifolds, DistinguishQualityFromVariety) {
  const Features real = normal_features(300, 4, 1);
  const ManifoldComparison dull = compare_manifolds(real, normal_features(200, 4, 2, 0, 0.2));
  EXPECT_GT(dull.precision, 0.95);
  EXPECT_LT(dull.recall, 0.3);
  EXPECT_GT(dull.density, 1);
  EXPECT_LT(dull.coverage, 0.5);
  const ManifoldComparison elsewhere = compare_manifolds(real, normal_features(200, 4, 2, 50));
  EXPECT_EQ(elsewhere.precision, 0);
  EXPECT_EQ(elsewhere.recall, 0);
  EXPECT_EQ(elsewhere.density, 0);
  EXPECT_EQ(elsewhere.coverage, 0);
}

TEST(Manifolds, OfOneImageAgainAndAgain) {
  Features collapsed{.count = 100, .size = 4, .values = std::vector<float>(400, 0.25f)};
  const ManifoldComparison found = compare_manifolds(normal_features(300, 4, 1), collapsed);
  EXPECT_EQ(found.recall, 0);
  EXPECT_LT(found.coverage, 0.5);
}

TEST(Manifolds, RefuseTooFewSamples) {
  const Features few = normal_features(5, 4, 1);
  EXPECT_EQ(test::error_of([&] { compare_manifolds(few, few); }),
            "compare_manifolds: expects at least 1 neighbour and more samples than neighbours, "
            "got 5 neighbours of 5 real and 5 generated samples");
  EXPECT_EQ(test::error_of([&] { compare_manifolds(few, normal_features(5, 3, 1), 2); }),
            "compare_manifolds: expects features of one extractor, got 4 and 3 numbers for an "
            "image");
}

}  // namespace
}  // namespace pumice::metrics
