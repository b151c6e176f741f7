#include "engine/hal/null/null_device.h"

#include <gtest/gtest.h>

#include "tests/hal/plans.h"
#include "tests/support/errors.h"

namespace pumice::test {
namespace {

using hal::null::create_device;

TEST(NullDevice, Counts) {
  auto device = create_device();
  hal::BufferPtr x = device->allocate(100, "x");
  device->allocate(1, "gone");
  auto program = device->compile(increment_plan(x, 28, 3));
  device->run(*program);
  device->run(*program);
  device->write(*x, {});
  device->read(*x);
  hal::null::Counts counts = device->counts();
  EXPECT_EQ(counts.allocations, 2u);
  EXPECT_EQ(counts.allocated_bytes, 112u + 16u);
  EXPECT_EQ(counts.live_bytes, 112u);
  EXPECT_EQ(counts.programs, 1u);
  EXPECT_EQ(counts.runs, 2u);
  EXPECT_EQ(counts.dispatches, 6u);
  EXPECT_EQ(counts.writes, 1u);
  EXPECT_EQ(counts.reads, 1u);
}

TEST(NullDevice, TakesTheLimitsItIsGiven) {
  auto device = create_device({.memory_bytes = 64, .max_bindings = 0});
  hal::BufferPtr x = device->allocate(64, "x");
  EXPECT_THROW(device->allocate(16, "too much"), hal::OutOfMemory);
  EXPECT_NE(error_of([&] { device->compile(increment_plan(x, 1)); }).find("at most 0"),
            std::string::npos);
}

TEST(NullDevice, BuffersOutliveIt) {
  hal::BufferPtr x = create_device()->allocate(16, "x");
  EXPECT_EQ(x->bytes(), 16u);
}

}  // namespace
}  // namespace pumice::test
