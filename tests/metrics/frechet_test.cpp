#include "engine/metrics/frechet.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/metrics/samples.h"
#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

using test::normal_features;

TEST(Frechet, OfKnownGaussians) {
  // Diagonal: |m - m'|² + Σ (s - s')².
  const Gaussian one{.count = 9, .size = 2, .mean = {1, 2}, .covariance = {4, 0, 0, 9}};
  const Gaussian other{.count = 9, .size = 2, .mean = {3, 2}, .covariance = {1, 0, 0, 16}};
  EXPECT_NEAR(frechet_distance(one, other), 4 + 1 + 1, 1e-12);
  EXPECT_NEAR(frechet_distance(one, one), 0, 1e-12);
}

TEST(Frechet, OfFeaturesThatNeverChange) {
  const Gaussian still{.count = 9, .size = 2, .mean = {1, 2}, .covariance = {0, 0, 0, 0}};
  const Gaussian half{.count = 9, .size = 2, .mean = {1, 2}, .covariance = {4, 0, 0, 0}};
  EXPECT_NEAR(frechet_distance(still, still), 0, 1e-12);
  EXPECT_NEAR(frechet_distance(still, half), 4, 1e-12);
  EXPECT_NEAR(frechet_distance(half, still), 4, 1e-12);
}

TEST(Frechet, FitsMeanAndCovariance) {
  // More samples than are summed at once, and far from 0, where sums of squares would cancel.
  const Gaussian fitted = fit_gaussian(normal_features(9001, 3, 1, 1000, 2));
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(fitted.mean[i], 1000, 0.1);
    for (size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(fitted.covariance[3 * i + j], i == j ? 4 : 0, 0.25);
      EXPECT_DOUBLE_EQ(fitted.covariance[3 * i + j], fitted.covariance[3 * j + i]);
    }
  }
}

TEST(Frechet, AtInfinityIsWithoutTheBiasOfFewSamples) {
  const Gaussian real = fit_gaussian(normal_features(20000, 16, 1));
  const Features generated = normal_features(400, 16, 2);
  const double biased = frechet_distance(real, fit_gaussian(generated));
  EXPECT_GT(biased, 0.1);
  EXPECT_LT(std::abs(frechet_distance_at_infinity(real, generated, 1)), biased / 3);
  EXPECT_EQ(frechet_distance_at_infinity(real, generated, 1),
            frechet_distance_at_infinity(real, generated, 1));
}

TEST(Frechet, RefusesWhatHasNoMeaning) {
  EXPECT_EQ(test::error_of([] { fit_gaussian(normal_features(16, 16, 1)); }),
            "fit_gaussian: expects more samples than features, at least 17, got 16: with "
            "fewer, the covariance is singular and a distance meaningless");
  Features broken = normal_features(5, 2, 1);
  broken.values[7] = NAN;
  EXPECT_EQ(test::error_of([&] { fit_gaussian(broken); }),
            "fit_gaussian: expects finite features, got nan in sample 3");
  broken.values.pop_back();
  EXPECT_EQ(test::error_of([&] { fit_gaussian(broken); }),
            "fit_gaussian: expects samples with features, got 9 numbers for 5 samples of 2");
  const Gaussian two = fit_gaussian(normal_features(50, 2, 1));
  const Gaussian three = fit_gaussian(normal_features(50, 3, 1));
  EXPECT_EQ(
      test::error_of([&] { frechet_distance(two, three); }),
      "frechet_distance: expects features of one extractor, got 2 and 3 numbers for an image");
  EXPECT_EQ(test::error_of([&] {
              frechet_distance_at_infinity(fit_gaussian(normal_features(50, 16, 1)),
                                           normal_features(33, 16, 1), 1);
            }),
            "frechet_distance_at_infinity: expects at least 34 samples of 16 features, as half of "
            "them must suffice, got 33");
}

}  // namespace
}  // namespace pumice::metrics
