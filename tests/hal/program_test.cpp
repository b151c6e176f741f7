#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <numeric>

#include "engine/hal/device_clock.h"
#include "kernels/test_constants.h"
#include "kernels/test_flat_id.h"
#include "kernels/test_params.h"
#include "kernels/test_spin.h"
#include "kernels/test_texel.h"
#include "tests/hal/plans.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

using Numbers = std::vector<uint32_t>;

DEVICE_TEST_WITH_NULL(Program, may_be_empty) {
  auto program = device.compile({.name = "nothing"});
  device.run(*program);
}

DEVICE_TEST(Program, sees_what_earlier_dispatches_wrote) {
  hal::Plan plan = {.name = "chain"};
  plan.buffers = {upload(device, std::vector<float>(1000, 1.0f), "x"), device.allocate(4000, "y"),
                  device.allocate(4000, "z")};
  plan.dispatches = {affine(plan.buffers, 0, 1, 1000, 2, 1), affine(plan.buffers, 1, 2, 1000, 3, 0),
                     affine(plan.buffers, 2, 0, 1000, 1, 1)};
  auto program = device.compile(plan);
  device.run(*program);
  EXPECT_EQ(download<float>(device, plan.buffers[0], 1000), std::vector<float>(1000, 10.0f));
}

DEVICE_TEST(Program, runs_in_order_with_writes_and_reads) {
  hal::BufferPtr x = device.allocate(4 * 64, "x");
  auto program = device.compile(increment_plan(x, 64));
  upload(device, x, Numbers(64, 10));
  device.run(*program);
  auto first = device.read(*x);
  upload(device, x, Numbers(64, 20));
  device.run(*program);
  device.run(*program);
  auto second = device.read(*x);
  EXPECT_EQ(values_of<uint32_t>(first->take()), Numbers(64, 11));
  EXPECT_EQ(values_of<uint32_t>(second->take()), Numbers(64, 22));
}

DEVICE_TEST(Program, may_be_replayed_many_times_without_waiting) {
  hal::BufferPtr x = device.allocate(4 * 1000, "x");
  auto program = device.compile(increment_plan(x, 1000, 3));
  for (int i = 0; i < 200; ++i) device.run(*program);
  EXPECT_EQ(download<uint32_t>(device, x, 1000), Numbers(1000, 600));
}

DEVICE_TEST(Program, of_many_dispatches_is_cut_into_submissions) {
  hal::BufferPtr x = device.allocate(4 * 16, "x");
  auto program = device.compile(increment_plan(x, 16, 1500));
  for (int i = 0; i < 4; ++i) device.run(*program);
  EXPECT_EQ(download<uint32_t>(device, x, 16), Numbers(16, 6000));
}

// Not more than the host sees, which also submits and waits; browsers' clocks are coarse.
DEVICE_TEST(Program, is_timed_by_the_device) {
  auto* clock = dynamic_cast<hal::DeviceClock*>(&device);
  if (clock == nullptr) GTEST_SKIP() << "it has no clock";
  hal::BufferPtr x = device.allocate(4 * 1000, "x");
  auto program = device.compile(increment_plan(x, 1000, 1500));
  device.run(*program);  // some drivers compile here, or the device divides it
  const auto begin = std::chrono::steady_clock::now();
  const std::optional<double> seconds = clock->run_timed(*program);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(download<uint32_t>(device, x, 1000), Numbers(1000, 3000));
  if (!seconds) GTEST_SKIP() << "its queue has no timestamps";
  EXPECT_GE(*seconds, 0);
  EXPECT_LE(*seconds, wall.count());
}

DEVICE_TEST(Program, reads_views_of_one_buffer) {
  uint32_t offset = device.limits().buffer_offset_alignment;
  std::vector<float> values(offset / 4 + 8, 1.0f);
  std::fill(values.end() - 8, values.end(), 5.0f);
  hal::Plan plan = {.name = "views",
                    .buffers = {upload(device, values, "x"), device.allocate(64 + offset, "y")}};
  plan.dispatches = {affine(plan.buffers, 0, 1, 8, 2, 0)};
  plan.dispatches[0].bindings = {{0, offset, 32}, {1, offset, 32}};
  device.run(*device.compile(plan));
  std::vector<float> y = download<float>(device, plan.buffers[1], offset / 4 + 16);
  EXPECT_EQ(std::accumulate(y.begin(), y.begin() + offset / 4, 0.0f), 0.0f);
  EXPECT_EQ(std::vector<float>(y.begin() + offset / 4, y.begin() + offset / 4 + 8),
            std::vector<float>(8, 10.0f));
}

DEVICE_TEST(Program, passes_all_params) {
  Numbers expected(16);
  std::iota(expected.begin(), expected.end(), 100);
  expected[15] = std::bit_cast<uint32_t>(0.75f);
  std::array<uint32_t, 16> params;
  std::ranges::copy(expected, params.begin());
  hal::BufferPtr y = device.allocate(64, "y");
  hal::Plan plan = {.name = "params", .buffers = {y}};
  plan.dispatches = {
      {.kernel = &kernels::test_params, .bindings = {{0, 0, 64}}, .params = pack(params)}};
  device.run(*device.compile(plan));
  EXPECT_EQ(download<uint32_t>(device, y, 16), expected);
}

DEVICE_TEST(Program, specializes_constants) {
  uint64_t step = std::max(device.limits().buffer_offset_alignment, 16u);
  hal::BufferPtr y = device.allocate(3 * step, "y");
  hal::Plan plan = {.name = "constants", .buffers = {y}};
  std::vector<Numbers> constants = {{}, {1, std::bit_cast<uint32_t>(2.5f)}, {3, 0}};
  for (const Numbers& words : constants) {
    uint64_t offset = plan.dispatches.size() * step;
    plan.dispatches.push_back(
        {.kernel = &kernels::test_constants, .bindings = {{0, offset, 16}}, .constants = words});
  }
  device.run(*device.compile(plan));
  constants[0] = {7, std::bit_cast<uint32_t>(0.5f)};  // the defaults
  Numbers words = download<uint32_t>(device, y, 3 * step / 4);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(Numbers({words[i * step / 4], words[i * step / 4 + 1]}), constants[i]);
  }
}

DEVICE_TEST(Program, folds_big_grids_into_y) {
  uint32_t count = 4 * (device.limits().max_groups + 7);
  hal::BufferPtr y = device.allocate(count * 4, "y");
  hal::Plan plan = {.name = "grid", .buffers = {y}};
  plan.dispatches = {{.kernel = &kernels::test_flat_id,
                      .bindings = {{0, 0, y->bytes()}},
                      .params = pack(kernels::TestFlatIdParams{.count = count}),
                      .grid = {40000, (count / 4 + 39999) / 40000, 1}}};
  device.run(*device.compile(plan));
  Numbers expected(count);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(download<uint32_t>(device, y, count), expected);
}

DEVICE_TEST(Program, reads_texels) {
  if (!has(device.limits(), hal::Feature::kTexelBuffer)) GTEST_SKIP() << "no texel buffers";
  uint32_t first = std::max(device.limits().buffer_offset_alignment, 16u) / 16;
  constexpr uint32_t kCount = 101;
  std::vector<float> x((first + kCount) * 4);
  std::iota(x.begin(), x.end(), 0.0f);
  hal::Plan plan = {.name = "texels",
                    .buffers = {upload(device, x, "x"), device.allocate(kCount * 16, "y")}};
  plan.dispatches = {{.kernel = &kernels::test_texel,
                      .bindings = {{0, first * 16, kCount * 16}, {1, 0, kCount * 16}},
                      .params = pack(kernels::TestTexelParams{.count = kCount}),
                      .grid = {groups_for(kCount, kernels::test_texel), 1, 1}}};
  device.run(*device.compile(plan));
  std::vector<float> y = download<float>(device, plan.buffers[1], kCount * 4);
  for (uint32_t i = 0; i < kCount * 4; ++i) {
    EXPECT_EQ(y[i], x[(first + kCount - 1 - i / 4) * 4 + i % 4]);
  }
}

DEVICE_TEST(Program, and_buffers_may_go_while_in_flight) {
  hal::BufferPtr y = device.allocate(16, "y");
  for (int i = 0; i < 5; ++i) {
    hal::BufferPtr gone = device.allocate(16, "gone");
    hal::Plan plan = {.name = "spin", .buffers = {gone}};
    plan.dispatches = {{.kernel = &kernels::test_spin,
                        .bindings = {{0, 0, 16}},
                        .params = pack(kernels::TestSpinParams{.rounds = 3'000'000})}};
    auto program = device.compile(plan);
    upload(device, gone, Numbers{1, 2, 3, 4});
    device.run(*program);
  }
  EXPECT_EQ(download<uint32_t>(device, y, 4), Numbers(4, 0));
}

DEVICE_TEST_WITH_NULL(Program, keeps_its_buffers) {
  auto program = device.compile(increment_plan(device.allocate(64, "x"), 16));
  device.run(*program);
}

DEVICE_TEST_WITH_NULL(Program, is_refused_when_the_plan_is_wrong) {
  hal::Plan plan = increment_plan(device.allocate(64, "x"), 16);
  plan.dispatches[0].params.clear();
  EXPECT_EQ(error_of([&] { device.compile(plan); }),
            "compile: plan 'increment', dispatch 0 'increment' (test_increment): expects 4 bytes "
            "of params, got 0");
}

}  // namespace
}  // namespace pumice::test
