#include "engine/train/ranks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <mutex>

#include "tests/support/errors.h"
#include "tests/support/thread_ranks.h"

namespace pumice::test {
namespace {

using train::Ranks;
using train::Rows;

/// Different on every rank, with sums that depend on the order.
float value_of_rank(uint32_t rank, size_t i) {
  return std::ldexp(1.0f + float(i % 97), int(rank * 7 + i % 5)) / 3;
}

/// Neighbours first, as Ranks::sum() promises.
float sum_in_pairs(std::vector<float> values) {
  while (values.size() > 1) {
    std::vector<float> sums;
    for (size_t i = 0; i < values.size(); i += 2) {
      sums.push_back(i + 1 < values.size() ? values[i] + values[i + 1] : values[i]);
    }
    values = sums;
  }
  return values[0];
}

TEST(Ranks, SumInPairsOfNeighbours) {
  for (uint32_t size : {1, 2, 3, 4, 7, 8}) {
    for (size_t count : {size_t{1}, size_t{5}, size_t{4096}, size_t{4097}, size_t{50000}}) {
      ThreadRanks(size).run([&](Ranks& ranks) {
        std::vector<float> values(count);
        for (size_t i = 0; i < count; ++i) values[i] = value_of_rank(ranks.rank(), i);
        ranks.sum(values);
        size_t wrong = 0;
        for (size_t i = 0; i < count; ++i) {
          std::vector<float> all;
          for (uint32_t rank = 0; rank < size; ++rank) all.push_back(value_of_rank(rank, i));
          wrong += values[i] != sum_in_pairs(all);
        }
        EXPECT_EQ(wrong, 0u) << size << " ranks, " << count << " values";
      });
    }
  }
}

TEST(Ranks, SendEachValueTwiceAtMost) {
  ThreadRanks(4).run([](Ranks& ranks) {
    std::vector<float> values(40000, 1);
    ranks.sum(values);
    EXPECT_EQ(ranks.bytes_sent(), 2u * 3 * 10000 * sizeof(float));
  });
}

TEST(Ranks, AgreeOnAnswers) {
  ThreadRanks(3).run([](Ranks& ranks) {
    EXPECT_TRUE(ranks.any(ranks.rank() == 2));
    EXPECT_FALSE(ranks.any(false));
    EXPECT_TRUE(ranks.first(ranks.rank() == 0));
    EXPECT_FALSE(ranks.first(ranks.rank() != 0));
    const std::vector<std::string> expected = {"", "1", "22"};
    EXPECT_EQ(ranks.gather(expected[ranks.rank()]), expected);
  });
}

TEST(Ranks, FailTogether) {
  ThreadRanks(3).run([](Ranks& ranks) {
    auto work = [&] { require(ranks.rank() != 1, "no disk"); };
    EXPECT_EQ(error_of([&] { train::do_together(ranks, work); }), "rank 1: no disk");
    auto fails = [] { fail("no recipe"); };
    EXPECT_EQ(error_of([&] { train::do_together(ranks, fails); }), "no recipe");
    train::do_together(ranks, [] {});
  });
  EXPECT_EQ(error_of([] { train::do_together(train::single_rank(), [] { fail("alone"); }); }),
            "alone");
}

TEST(Ranks, CutABatchIntoConsecutiveRows) {
  EXPECT_EQ(train::rows_of("vae", train::single_rank(), 16), (Rows{0, 16}));
  ThreadRanks(3).run([](Ranks& ranks) {
    const std::vector<Rows> expected = {{0, 5}, {5, 5}, {10, 6}};
    EXPECT_EQ(train::rows_of("vae", ranks, 16), expected[ranks.rank()]);
    EXPECT_EQ(error_of([&] { train::rows_of("vae", ranks, 2); }),
              "vae: expected a batch of at least 3 images, one for each rank, got 2");
  });
}

}  // namespace
}  // namespace pumice::test
