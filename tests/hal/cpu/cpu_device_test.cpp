#include "engine/hal/cpu/cpu_device.h"

#include <gtest/gtest.h>

#include "engine/hal/cpu/instruction_set.h"
#include "engine/hal/null/null_device.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/layer_norm.h"
#include "engine/nn/network.h"
#include "kernels/matmul_tile.h"
#include "tests/support/errors.h"
#include "tests/support/run_network.h"
#include "tests/support/variable.h"

namespace pumice::hal::cpu {
namespace {

using test::error_of;

constexpr const char* kInstructions = "PUMICE_CPU_INSTRUCTIONS";

TEST(CpuDevice, TellsWhatItIs) {
  const Limits limits = describe();
  EXPECT_EQ(limits.type, DeviceType::kCpu);
  EXPECT_EQ(limits.api, "C++");
  EXPECT_FALSE(limits.device_name.empty());
  EXPECT_TRUE(limits.driver.starts_with("pumice ")) << limits.driver;
  EXPECT_FALSE(limits.has_barriers);
}

TEST(CpuDevice, TakesTheInstructionSetAskedFor) {
  for (const InstructionSet& set : instruction_sets()) {
    const std::string name(set.name);
    if (set.is_supported) {
      EXPECT_TRUE(describe({.instructions = name}).driver.ends_with(name));
    } else {
      EXPECT_TRUE(error_of([&] {
                    describe({.instructions = name});
                  }).ends_with(fmt::format(", got '{}'", name)));
    }
  }
  const std::string error = error_of([] { describe({.instructions = "z80"}); });
  EXPECT_TRUE(error.starts_with("expected an instruction set of this processor and this build ("));
  EXPECT_TRUE(error.ends_with("), got 'z80'")) << error;
}

TEST(CpuDevice, TakesItsInstructionSetFromTheEnvironment) {
  const std::string_view first = instruction_sets().front().name;
  EXPECT_TRUE((test::Variable(kInstructions, first.data()), describe()).driver.ends_with(first));
  const std::string_view best = instruction_sets()[choose_instruction_set()].name;
  EXPECT_TRUE((test::Variable(kInstructions, ""), describe()).driver.ends_with(best));
}

TEST(CpuDevice, RefusesWrongVariables) {
  require_valid_variables();
  for (const char* name : {kInstructions, "PUMICE_CPU_THREADS"}) {
    const test::Variable variable(name, "z80");
    const std::string error = error_of([] { require_valid_variables(); });
    EXPECT_TRUE(error.starts_with(fmt::format("{}: expected ", name))) << error;
    EXPECT_TRUE(error.ends_with(", got 'z80'")) << error;
  }
}

TEST(CpuDevice, GivesTheSameBytesWithAnyNumberOfThreads) {
  const std::vector<nn::Layer> layers{nn::Conv2d{.out = 12, .kernel = 3}, nn::LayerNorm{}};
  const Shape shape{9, 12, 10, 4};
  std::vector<float> x(9 * 12 * 10 * 4);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 37) / 37;
  const auto one = create_device({.threads = 1});
  const std::vector<float> expected = test::run_network(*one, layers, shape, x);
  for (uint32_t threads : {2u, 5u}) {
    const auto several = create_device({.threads = threads});
    EXPECT_EQ(test::run_network(*several, layers, shape, x), expected) << threads;
  }
}

TEST(CpuDevice, RefusesKernelsWithBarriers) {
  const auto device = create_device({.threads = 1});
  const BufferPtr buffer = device->allocate(4096, "all");
  const BufferPtr result = device->allocate(4096, "result");
  Dispatch dispatch{.kernel = &kernels::matmul_tile,
                    .bindings = {{0, 0, 4096}, {0, 0, 4096}, {0, 0, 4096}, {1, 0, 4096}},
                    .params = std::vector<std::byte>(kernels::matmul_tile.params_bytes),
                    .label = "product"};
  const Plan plan{.name = "plan", .buffers = {buffer, result}, .dispatches = {dispatch}};
  EXPECT_EQ(error_of([&] { device->compile(plan); }),
            "compile: kernel matmul_tile has no form for CPUs (dispatch 'product')");
}

TEST(CpuDevice, RefusesBuffersOfOtherDevices) {
  const auto device = create_device({.threads = 1});
  const auto other = null::create_device();
  const BufferPtr buffer = other->allocate(16, "foreign");
  EXPECT_EQ(error_of([&] { device->read(*buffer); }),
            "read: buffer 'foreign' belongs to another device");
}

TEST(CpuDevice, RefusesTooLargeBuffers) {
  const auto device = create_device({.threads = 1});
  EXPECT_TRUE(error_of([&] {
                device->allocate(device->limits().max_buffer_bytes + 16, "huge");
              }).starts_with("out of memory: 'huge' needs 8589934608 bytes on "));
}

}  // namespace
}  // namespace pumice::hal::cpu
