#include "engine/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "tests/support/errors.h"

namespace pumice {
namespace {

TEST(Parallel, DoesEachJobOnce) {
  for (size_t count : {0, 1, 2, 1000}) {
    std::vector<std::atomic<int>> calls(count);
    in_parallel(count, [&](size_t i) { ++calls[i]; });
    for (size_t i = 0; i < count; ++i) EXPECT_EQ(calls[i], 1) << i;
  }
}

TEST(Parallel, ThrowsAJobsErrorAfterAllAreDone) {
  std::atomic<int> done = 0;
  std::string error = test::error_of([&] {
    in_parallel(100, [&](size_t i) {
      ++done;
      require(i != 17, "job {} failed", i);
    });
  });
  EXPECT_EQ(error, "job 17 failed");
  EXPECT_EQ(done, 100);
}

}  // namespace
}  // namespace pumice
