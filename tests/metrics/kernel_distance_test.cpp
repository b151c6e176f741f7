#include "engine/metrics/kernel_distance.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/metrics/subset.h"
#include "tests/metrics/samples.h"
#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

using test::normal_features;

TEST(KernelDistance, IsNearZeroForOneDistribution) {
  const Features one = normal_features(400, 8, 1);
  const Estimate same =
      kernel_distance(one, normal_features(500, 8, 2), {.subsets = 50, .subset_size = 200});
  EXPECT_LT(std::abs(same.mean), 2 * same.deviation);
  const Estimate shifted =
      kernel_distance(one, normal_features(500, 8, 2, 1), {.subsets = 50, .subset_size = 200});
  EXPECT_GT(shifted.mean, 20 * same.deviation);
}

TEST(KernelDistance, OfAllSamplesHasNoDeviation) {
  const Estimate all = kernel_distance(normal_features(70, 8, 1), normal_features(70, 8, 2, 1),
                                       {.subsets = 3, .subset_size = 70});
  EXPECT_GT(all.mean, 0);
  EXPECT_LT(all.deviation, 1e-6 * all.mean);  // only the order of the sums differs
}

TEST(KernelDistance, RefusesTooFewSamples) {
  const Features few = normal_features(70, 8, 1);
  EXPECT_EQ(test::error_of([&] { kernel_distance(few, few); }),
            "kernel_distance: expects at least 1000 samples, the size of a subset, got 70 real "
            "and 70 generated");
  EXPECT_EQ(test::error_of([&] { kernel_distance(few, few, {.subset_size = 1}); }),
            "kernel_distance: expects subsets of at least 2 samples, got 100 of 1");
  EXPECT_EQ(test::error_of([&] { kernel_distance(few, normal_features(70, 9, 1)); }),
            "kernel_distance: expects features of one extractor, got 8 and 9 numbers for an image");
}

TEST(Subset, TakesEachIndexOnce) {
  std::vector<uint32_t> all = random_subset(1000, 1000, 3, 5);
  EXPECT_FALSE(std::is_sorted(all.begin(), all.end()));
  EXPECT_EQ(random_subset(1000, 10, 3, 5), std::vector(all.begin(), all.begin() + 10));
  EXPECT_NE(random_subset(1000, 10, 3, 5), random_subset(1000, 10, 3, 6));
  std::sort(all.begin(), all.end());
  for (uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(all[i], i);
}

}  // namespace
}  // namespace pumice::metrics
