#include "engine/self_test/self_test.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/ops/conv_gemm.h"
#include "tests/support/corrupting_device.h"
#include "tests/support/devices.h"
#include "tests/support/limits.h"
#include "tests/support/wrong_device.h"

namespace pumice::test {
namespace {

using ops::GemmCore;
using self_test::Disabled;
using self_test::Form;
using self_test::Report;
using self_test::Verdict;

uint32_t bit(GemmCore core) { return 1u << static_cast<uint32_t>(core); }

/// "family, variant" of the rows that are not right.
std::set<std::string> wrong_in(const Report& report) {
  std::set<std::string> names;
  for (const self_test::Row& row : report.rows) {
    if (row.verdict != Verdict::kRight) names.insert(row.family + ", " + row.variant);
  }
  return names;
}

DEVICE_TEST(SelfTest, finds_a_right_device_right) {
  const Report report = self_test::run(device, Form::kShort);
  EXPECT_GE(report.rows.size(), 4u);
  EXPECT_EQ(wrong_in(report), std::set<std::string>());
  EXPECT_EQ(self_test::disabled_by(report), Disabled());
}

DEVICE_TEST(SelfTest, finds_every_variant_right) {
  EXPECT_EQ(wrong_in(self_test::run(device, Form::kLong)), std::set<std::string>());
}

TEST(SelfTest, finds_the_variant_whose_kernel_is_wrong) {
  CorruptingDevice wrong(any_device(), "conv_registers");
  const Report report = self_test::run(wrong, Form::kLong);
  EXPECT_EQ(wrong_in(report),
            (std::set<std::string>{"conv2d, registers", "conv2d, input gradient, registers"}));
  EXPECT_EQ(self_test::disabled_by(report),
            (Disabled{.cores = {.convolutions = bit(GemmCore::kRegisters)}}));
}

// A kernel that no other family uses: LSTM's gradients multiply matrices, too.
TEST(SelfTest, finds_the_variant_that_does_not_repeat) {
  CorruptingDevice varying(any_device(), "conv_weights_registers", /*alternates=*/true);
  const Report report = self_test::run(varying, Form::kLong);
  EXPECT_EQ(wrong_in(report), (std::set<std::string>{"conv2d, weight gradient, registers"}));
  for (const self_test::Row& row : report.rows) {
    const bool is_wrong = row.variant == "registers" && row.family == "conv2d, weight gradient";
    EXPECT_EQ(row.verdict, is_wrong ? Verdict::kVaries : Verdict::kRight) << row.family;
  }
  EXPECT_EQ(self_test::disabled_by(report).cores.weight_gradients, bit(GemmCore::kRegisters));
}

TEST(SelfTest, drops_texel_buffers_if_their_kernel_is_wrong) {
  auto device = hal::null::create_device(wrong_device());
  const Disabled disabled = self_test::disabled_by(self_test::run(*device, Form::kShort));
  EXPECT_EQ(disabled.features, static_cast<uint32_t>(hal::Feature::kTexelBuffer));
  EXPECT_EQ(disabled.cores.products, bit(GemmCore::kScalar));
}

TEST(SelfTest, knows_the_kernels_of_the_cores) { EXPECT_GE(self_test::core_kernels().size(), 17u); }

TEST(DisabledCores, are_replaced_by_those_for_any_size) {
  hal::Limits gpu = limits_of(hal::DeviceType::kDiscreteGpu, 32);
  gpu.prefers.disabled.products = bit(GemmCore::kBlock64);
  EXPECT_EQ(ops::choose_core({256, 784, 400}, gpu), GemmCore::kTile);
  EXPECT_EQ(ops::choose_core({2048, 2048, 400}, gpu), GemmCore::kBlock128);
  gpu.prefers.disabled.products |= bit(GemmCore::kTile);
  EXPECT_EQ(ops::choose_core({256, 784, 400}, gpu), GemmCore::kScalar);
  hal::Limits cpu = limits_of(hal::DeviceType::kCpu, 8);
  cpu.prefers.disabled.products = bit(GemmCore::kSubgroup);
  EXPECT_EQ(ops::choose_core({256, 784, 400}, cpu), GemmCore::kRegisters);
  cpu.prefers.disabled.products |= bit(GemmCore::kRegisters);
  EXPECT_EQ(ops::choose_core({256, 784, 400}, cpu), GemmCore::kScalar);
}

TEST(DisabledCores, of_convolutions_do_not_touch_weight_gradients) {
  constexpr ops::ConvShape kLayer = {128, 16, 16, 128, 8, 8, 256, 4, 4, 2, 1, 1};
  hal::Limits gpu = limits_of(hal::DeviceType::kDiscreteGpu, 32);
  const GemmCore core = ops::choose_conv_core(kLayer, gpu);
  const GemmCore of_weights = ops::choose_weights_core(kLayer, gpu);
  gpu.prefers.disabled.convolutions = bit(core);
  EXPECT_EQ(ops::choose_conv_core(kLayer, gpu), GemmCore::kTile);
  EXPECT_EQ(ops::choose_weights_core(kLayer, gpu), of_weights);
  gpu.prefers.disabled.weight_gradients = bit(of_weights);
  EXPECT_EQ(ops::choose_weights_core(kLayer, gpu), GemmCore::kTile);
}

}  // namespace
}  // namespace pumice::test
