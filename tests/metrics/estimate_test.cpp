#include "engine/metrics/estimate.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

TEST(Estimate, DividesByWhatTheValuesStandFor) {
  const std::array<double, 4> values{1, 2, 3, 6};
  EXPECT_EQ(estimate_of(values).mean, 3);
  EXPECT_DOUBLE_EQ(estimate_of(values).deviation, std::sqrt(14.0 / 3));  // np.std(ddof=1)
  EXPECT_DOUBLE_EQ(estimate_of(values, Divisor::kCount).deviation, std::sqrt(14.0 / 4));
  EXPECT_EQ(estimate_of(std::span(values).first(1)).deviation, 0);
  EXPECT_EQ(test::error_of([] { estimate_of({}); }), "estimate: expects at least one value");
}

}  // namespace
}  // namespace pumice::metrics
