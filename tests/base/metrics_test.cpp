#include "engine/base/metrics.h"

#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace pumice::test {
namespace {

TEST(Metrics, are_found_by_name) {
  const Metrics metrics = {{"loss", 1.5}, {"kl", 2}};
  EXPECT_EQ(value_of(metrics, "kl"), 2);
  EXPECT_EQ(error_of([&] { value_of(metrics, "js"); }),
            "metrics: expects one of loss, kl, got 'js'");
}

}  // namespace
}  // namespace pumice::test
