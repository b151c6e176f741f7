#include "engine/hal/validate.h"

#include <gtest/gtest.h>

#include <functional>

#include "engine/hal/null/null_device.h"
#include "tests/support/contains.h"

namespace pumice::hal {
namespace {

using test::contains;

constexpr Access kCopyBindings[] = {Access::kRead, Access::kWrite};
constexpr Access kTexelBindings[] = {Access::kTexel, Access::kWrite};
constexpr Access kWriteBindings[] = {Access::kWrite, Access::kReadWrite};
const Kernel copy_kernel = {.name = "copy",
                            .bindings = kCopyBindings,
                            .params_bytes = 8,
                            .constant_count = 2,
                            .group_size = {64, 1, 1}};
const Kernel texel_kernel = {.name = "texel",
                             .bindings = kTexelBindings,
                             .features = static_cast<uint32_t>(Feature::kTexelBuffer)};
const Kernel shuffle_kernel = {.name = "shuffle",
                               .features = static_cast<uint32_t>(Feature::kSubgroupShuffle)};
const Kernel write_kernel = {.name = "write", .bindings = kWriteBindings};
const Kernel large_group_kernel = {.name = "large_group", .group_size = {64, 4, 2}};
const Kernel shared_kernel = {.name = "shared", .shared_bytes = 16388};
const Kernel params_kernel = {.name = "params", .params_bytes = 68};

/// A valid plan, which each test breaks in its own way.
struct Validate : testing::Test {
  Limits limits;
  std::unique_ptr<Device> device = null::create_device();
  Plan plan = {.name = "plan",
               .buffers = {device->allocate(1024, "x"), device->allocate(1024, "y")},
               .dispatches = {{.kernel = &copy_kernel,
                               .bindings = {{0, 0, 1024}, {1, 256, 512}},
                               .params = std::vector<std::byte>(8),
                               .grid = {4, 1, 1},
                               .label = "the copy"}}};
  Dispatch& dispatch = plan.dispatches[0];

  std::string problem() { return validate(plan, limits).value_or("(none)"); }
  void replace_kernel(const Kernel& kernel) {
    dispatch = {.kernel = &kernel, .params = std::vector<std::byte>(kernel.params_bytes)};
  }
};

TEST_F(Validate, AcceptsARightPlan) {
  EXPECT_EQ(problem(), "(none)");
  dispatch.constants = {1, 2};
  EXPECT_EQ(problem(), "(none)");
}

TEST_F(Validate, NamesPlanDispatchAndKernel) {
  dispatch.params.clear();
  EXPECT_EQ(problem(),
            "plan 'plan', dispatch 0 'the copy' (copy): expects 8 bytes of params, got 0");
}

TEST_F(Validate, RefusesBuffersThatAreMissingOrTwice) {
  plan.buffers[1] = plan.buffers[0];
  EXPECT_TRUE(contains(problem(), "buffer 1 ('x') is listed twice"));
  plan.buffers[1] = nullptr;
  EXPECT_TRUE(contains(problem(), "buffer 1 is null"));
}

TEST_F(Validate, RefusesWrongNumbers) {
  dispatch.constants = {1};
  EXPECT_TRUE(contains(problem(), "expects 0 or 2 constants, got 1"));
  dispatch.constants.clear();
  dispatch.bindings.pop_back();
  EXPECT_TRUE(contains(problem(), "expects 2 bindings, got 1"));
  dispatch.kernel = nullptr;
  EXPECT_TRUE(contains(problem(), "no kernel"));
}

TEST_F(Validate, RefusesGridsOutOfRange) {
  dispatch.grid = {65535, 65535, 65535};
  EXPECT_EQ(problem(), "(none)");
  for (Grid grid : {Grid{0, 1, 1}, Grid{65536, 1, 1}, Grid{1, 65536, 1}, Grid{1, 1, 0}}) {
    dispatch.grid = grid;
    EXPECT_TRUE(contains(problem(), "expects a grid of 1 to 65535 groups"));
  }
}

TEST_F(Validate, RefusesViewsOutOfRange) {
  BufferView& view = dispatch.bindings[1];
  view = {2, 0, 4};
  EXPECT_TRUE(contains(problem(), "binding 1: buffer 2 of 2"));
  view = {1, 0, 1028};
  EXPECT_TRUE(contains(problem(), "reach past the end of 'y' (1024 bytes)"));
  view = {1, 1024, 4};
  EXPECT_TRUE(contains(problem(), "reach past the end"));
  view = {1, ~uint64_t{255}, 512};
  EXPECT_TRUE(contains(problem(), "reach past the end"));
}

TEST_F(Validate, RefusesViewsOfWrongSizeOrAlignment) {
  BufferView& view = dispatch.bindings[1];
  view = {1, 128, 4};
  EXPECT_TRUE(contains(problem(), "offset 128 in 'y', expected a multiple of 256"));
  for (uint64_t bytes : {0, 6}) {
    view = {1, 0, bytes};
    EXPECT_TRUE(contains(problem(), "expected a multiple of 4"));
  }
  view = {1, 0, 1024};
  limits.max_binding_bytes = 1020;
  EXPECT_TRUE(contains(problem(), "at most 1020"));
}

TEST_F(Validate, KnowsTexelBuffers) {
  limits.features = static_cast<uint32_t>(Feature::kTexelBuffer);
  limits.max_texel_elements = 64;
  limits.max_binding_bytes = 512;  // limits storage buffers, not texels
  dispatch = {.kernel = &texel_kernel, .bindings = {{0, 0, 1024}, {1, 0, 512}}};
  EXPECT_EQ(problem(), "(none)");
  dispatch.bindings[0].bytes = 1020;
  EXPECT_TRUE(contains(problem(), "not a whole number of texels"));
  dispatch.bindings[0].bytes = 1024;
  limits.max_texel_elements = 63;
  EXPECT_TRUE(contains(problem(), "64 texels, at most 63"));
  limits.features = 0;
  EXPECT_TRUE(contains(problem(), "needs RGBA32F texel buffers"));
}

TEST_F(Validate, RefusesKernelsBeyondTheLimits) {
  limits.device_name = "toaster";
  replace_kernel(shuffle_kernel);
  EXPECT_TRUE(contains(problem(), "needs subgroup shuffle, which toaster does not have"));
  replace_kernel(large_group_kernel);
  EXPECT_TRUE(contains(problem(), "groups of 512 threads, at most 256"));
  replace_kernel(shared_kernel);
  EXPECT_TRUE(contains(problem(), "16388 bytes of shared memory, at most 16384"));
  replace_kernel(params_kernel);
  EXPECT_TRUE(contains(problem(), "68 bytes of params, at most 64"));
  replace_kernel(write_kernel);
  limits.max_bindings = 1;
  EXPECT_TRUE(contains(problem(), "2 bindings, at most 1"));
}

TEST_F(Validate, RefusesReadingAndWritingOneBuffer) {
  dispatch.bindings = {{0, 0, 256}, {0, 512, 256}};  // disjoint, but WebGPU checks whole buffers
  EXPECT_TRUE(contains(problem(), "bindings 0 and 1 read and write 'x' in one dispatch"));
}

TEST_F(Validate, RefusesWritingTheSameBytesTwice) {
  replace_kernel(write_kernel);
  dispatch.bindings = {{0, 0, 512}, {0, 256, 256}};
  EXPECT_TRUE(contains(problem(), "bindings 0 and 1 write the same bytes of 'x'"));
  dispatch.bindings = {{0, 0, 256}, {0, 256, 256}};
  EXPECT_EQ(problem(), "(none)");
}

}  // namespace
}  // namespace pumice::hal
