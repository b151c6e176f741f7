#include "engine/base/figures.h"

#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace pumice::test {
namespace {

TEST(Figures, are_found_by_name) {
  const Figures figures = {{"loss", 1.5}, {"kl", 2}};
  EXPECT_EQ(value_of(figures, "kl"), 2);
  EXPECT_EQ(error_of([&] { value_of(figures, "js"); }),
            "figures: expects one of loss, kl, got 'js'");
}

}  // namespace
}  // namespace pumice::test
