#include "engine/metrics/inception_score.h"

#include <gtest/gtest.h>

#include "tests/metrics/samples.h"
#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

TEST(InceptionScore, IsTheNumberOfClassesAtBest) {
  const Features sure = test::normal_features(80, 1, 1);
  EXPECT_NEAR(inception_score(sure, 10).mean, 4, 1e-9);
  EXPECT_NEAR(inception_score(sure, 10).deviation, 0, 1e-9);
  EXPECT_NEAR(inception_score(sure, 80).mean, 1, 1e-9);  // one sample has no variety
}

TEST(InceptionScore, RefusesInvalidProbabilities) {
  Features features = test::normal_features(80, 1, 1);
  EXPECT_EQ(test::error_of([&] { inception_score(features, 0); }),
            "inception_score: expects 1 … 80 splits, at most one per sample, got 0");
  EXPECT_EQ(test::error_of([&] { inception_score(features, 81); }),
            "inception_score: expects 1 … 80 splits, at most one per sample, got 81");
  features.probabilities[9] = 0.5;
  EXPECT_EQ(test::error_of([&] { inception_score(features); }),
            "inception_score: expects probabilities that sum to 1, got 1.5 in sample 2");
  features.probabilities[9] = NAN;
  EXPECT_EQ(test::error_of([&] { inception_score(features); }),
            "inception_score: expects probabilities, got nan in sample 2");
  features.probabilities.clear();
  EXPECT_EQ(
      test::error_of([&] { inception_score(features); }),
      "inception_score: expects samples with probabilities, got 0 numbers for 80 samples of 4 "
      "classes");
}

}  // namespace
}  // namespace pumice::metrics
