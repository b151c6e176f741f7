#include "engine/hal/cpu/pool.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>

#include "tests/support/errors.h"
#include "tests/support/variable.h"

namespace pumice::hal::cpu {
namespace {

constexpr uint32_t kGroups = 1000;

using test::Variable;

/// How often each workgroup ran.
using Counts = std::array<std::atomic<int>, kGroups>;

void count(const CpuCall& call, uint32_t first, uint32_t last) {
  auto& counts = *static_cast<Counts*>(call.bindings[0]);
  for (uint32_t group = first; group < last; ++group) ++counts[group];
}

void run(Pool& pool, const Task& task) { pool.run({&task, 1}); }

TEST(CpuPool, RunsEachWorkgroupOnce) {
  for (uint32_t threads : {1u, 2u, 3u, 16u}) {
    Pool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    Counts counts = {};
    void* bindings[] = {&counts};
    const CpuCall call{.bindings = bindings};
    uint64_t expected = 0;
    for (uint32_t groups : {1u, 2u, 7u, 64u, kGroups}) {
      for (int repeat = 0; repeat < 200; ++repeat) run(pool, {count, call, groups});
      expected += 200ull * groups;
    }
    uint64_t sum = 0;
    for (const auto& each : counts) sum += static_cast<uint64_t>(each);
    EXPECT_EQ(sum, expected);
    EXPECT_EQ(counts[kGroups - 1], 200);
    EXPECT_EQ(counts[0], 1000);
  }
}

TEST(CpuPool, RunsEachWorkgroupOfSeveralTasksOnce) {
  for (uint32_t threads : {1u, 2u, 16u}) {
    Pool pool(threads);
    std::vector<Counts> counts(5);
    std::vector<std::array<void*, 1>> bindings;
    for (Counts& each : counts) bindings.push_back({&each});
    std::vector<Task> tasks;
    const std::vector<uint32_t> groups{1, kGroups, 3, 100, 1};
    for (size_t i = 0; i < groups.size(); ++i) {
      tasks.push_back({count, {.bindings = bindings[i].data()}, groups[i]});
    }
    for (int repeat = 0; repeat < 200; ++repeat) pool.run(tasks);
    for (size_t i = 0; i < groups.size(); ++i) {
      for (uint32_t group = 0; group < kGroups; ++group) {
        ASSERT_EQ(counts[i][group], group < groups[i] ? 200 : 0) << threads << " " << i;
      }
    }
    pool.run({});
  }
}

/// A task sees what the one before it wrote in other threads.
void advance(const CpuCall& call, uint32_t first, uint32_t last) {
  const auto* from = static_cast<const int*>(call.bindings[0]);
  auto* to = static_cast<int*>(call.bindings[1]);
  for (uint32_t i = first; i < last; ++i) to[i] = from[kGroups - 1 - i] + 1;
}

TEST(CpuPool, RunsTasksInOrder) {
  Pool pool(4);
  std::array<int, kGroups> a = {}, b = {};
  void* forth[] = {a.data(), b.data()};
  void* back[] = {b.data(), a.data()};
  for (int i = 0; i < 500; ++i) {
    run(pool, {advance, {.bindings = forth}, kGroups});
    run(pool, {advance, {.bindings = back}, kGroups});
  }
  for (int value : a) ASSERT_EQ(value, 1000);
}

constexpr const char* kThreads = "PUMICE_CPU_THREADS";

TEST(CpuPool, TakesItsThreadsFromTheEnvironment) {
  EXPECT_EQ((Variable(kThreads, "3"), default_threads()), 3u);
  EXPECT_GE((Variable(kThreads, ""), default_threads()), 1u);
  for (const char* wrong : {"0", "-1", "two", "3 ", "1025", "99999999999"}) {
    const Variable variable(kThreads, wrong);
    EXPECT_EQ(test::error_of([] { default_threads(); }),
              fmt::format("PUMICE_CPU_THREADS: expected a number of threads from 1 to 1024, got "
                          "'{}'",
                          wrong));
  }
}

}  // namespace
}  // namespace pumice::hal::cpu
