#include "engine/base/count_of.h"

#include <gtest/gtest.h>

namespace pumice {
namespace {

TEST(CountOf, DistinguishesOneFromMany) {
  EXPECT_EQ(count_of(0, "run"), "0 runs");
  EXPECT_EQ(count_of(1, "run"), "1 run");
  EXPECT_EQ(count_of(2, "run"), "2 runs");
  EXPECT_EQ(count_of(1, "class", "classes"), "1 class");
  EXPECT_EQ(count_of(2, "class", "classes"), "2 classes");
}

}  // namespace
}  // namespace pumice
