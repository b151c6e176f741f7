#include "engine/train/ranks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <mutex>

#include "engine/train/shard_sums.h"
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

// Shards of any number, added up by any ranks that divide it.
TEST(Ranks, SumShardsAsOneTree) {
  for (uint32_t shards : {1, 2, 3, 4, 6, 8, 12}) {
    for (size_t count : {size_t{3}, size_t{2500}, size_t{9001}}) {
      for (uint32_t size = 1; size <= shards; ++size) {
        if (shards % size != 0) continue;
        ThreadRanks(size).run([&](Ranks& ranks) {
          const uint32_t own = shards / size;
          train::ShardSums sums(own);
          std::vector<float> values(count);
          for (uint32_t shard = own; shard-- > 0;) {
            for (size_t i = 0; i < count; ++i) {
              values[i] = value_of_rank(ranks.rank() * own + shard, i);
            }
            if (shard > 0) sums.add(values);
          }
          const size_t begin = count / 3;  // as for a later bucket
          std::vector<float> all = sums.with_first(std::span(values).subspan(begin), begin);
          ranks.sum(all, sums.leaves());
          size_t wrong = 0;
          for (size_t i = begin; i < count; ++i) {
            std::vector<float> each;
            for (uint32_t shard = 0; shard < shards; ++shard)
              each.push_back(value_of_rank(shard, i));
            wrong += all[i - begin] != sum_in_pairs(each);
          }
          EXPECT_EQ(wrong, 0u) << shards << " shards, " << size << " ranks, " << count << " values";
        });
      }
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
  EXPECT_EQ(train::shards_of("vae", {}, 16), std::vector<Rows>({{0, 16}}));
  ThreadRanks(3).run([](Ranks& ranks) {
    const std::vector<Rows> expected = {{0, 5}, {5, 5}, {10, 6}};
    EXPECT_EQ(train::shards_of("vae", {&ranks}, 16), std::vector{expected[ranks.rank()]});
    EXPECT_EQ(error_of([&] { train::shards_of("vae", {&ranks}, 2); }),
              "vae: expected a batch of at least 3 images, one for each rank, got 2");
  });
}

TEST(Ranks, CutABatchIntoShards) {
  ThreadRanks(2).run([](Ranks& ranks) {
    const uint32_t first = 8 * ranks.rank();
    EXPECT_EQ(train::shards_of("vae", {&ranks, 4}, 16),
              std::vector<Rows>({{first, 4}, {first + 4, 4}}));
    EXPECT_EQ(error_of([&] {
                train::shards_of("vae", {&ranks, 4}, 18);
              }),
              "vae: expected a batch that 4 shards divide, got 18 images");
    EXPECT_EQ(error_of([&] {
                train::shards_of("vae", {&ranks, 3}, 18);
              }),
              "vae: expected shards that are a multiple of the 2 ranks, got 3");
  });
}

TEST(Ranks, RefuseWhatDoesNotGoTogether) {
  const auto error = [](const train::Parallel& parallel) {
    return error_of([&] { train::shards_of("gan", parallel, 16); });
  };
  EXPECT_EQ(error({.sync_every = 5, .sync_batch_norm = true}),
            "gan: sync_batch_norm needs ranks that meet at every step: expected sync_every = 1, "
            "got 5");
  EXPECT_EQ(error({.shards = 4, .sync_every = 5}),
            "gan: shards are added up at every step: expected sync_every = 1, got 5");
  EXPECT_EQ(error({.shards = 4, .sync_batch_norm = true}),
            "gan: with 4 shards, batch norm normalises by the rows of each: expected "
            "sync_batch_norm = false");
}

}  // namespace
}  // namespace pumice::test
