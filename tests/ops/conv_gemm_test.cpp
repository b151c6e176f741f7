#include "engine/ops/conv_gemm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine/ops/ops.h"
#include "tests/support/conv_reference.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/limits.h"
#include "tests/support/op_test.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

using ops::ConvShape;
using ops::GemmCore;

constexpr GemmCore kConvCores[] = {GemmCore::kPanels, GemmCore::kSubgroup, GemmCore::kRegisters,
                                   GemmCore::kTile,   GemmCore::kBlock64,  GemmCore::kBlock128};
constexpr float kUnset = 777;  // in the result before the kernel runs

// One pixel, edges of every tile (16, 32, 64 rows; 32, 64 columns), padding on all sides, strides
// that leave pixels out, and kernels smaller than the stride.
const std::vector<ConvShape> kConvShapes = {
    {1, 1, 1, 4, 1, 1, 4},
    {2, 5, 7, 8, 5, 7, 36, 3, 3, 1, 1, 1},
    {1, 8, 8, 36, 4, 4, 64, 4, 4, 2, 1, 1},
    {3, 6, 5, 4, 3, 3, 12, 3, 2, 2, 0, 1},
    {2, 9, 9, 20, 3, 3, 28, 2, 1, 3, 0, 0},
    {1, 8, 8, 32, 8, 8, 68, 1, 1, 1, 0, 0},
    {1, 7, 11, 8, 11, 15, 8, 3, 3, 1, 3, 3},
    {1, 4, 4, 128, 1, 1, 256, 4, 4, 1, 0, 0},
    {3, 10, 9, 4, 10, 9, 132, 2, 3, 1, 0, 1},
    // Other channels than multiples of four, for cores that take them.
    {2, 7, 6, 3, 4, 3, 5, 3, 3, 2, 1, 1},
    {1, 9, 9, 1, 9, 9, 33, 7, 7, 1, 3, 3},
    {2, 8, 8, 66, 4, 4, 37, 4, 4, 2, 1, 1},
};

/// The gradient for the input of the same convolution.
ConvShape transposed(const ConvShape& s) {
  return {s.batch,       s.out_height,    s.out_width,    s.out_channels, s.in_height, s.in_width,
          s.in_channels, s.kernel_height, s.kernel_width, s.stride,       s.top,       s.left,
          true};
}

Array random_array(const Shape& shape, std::mt19937& random) {
  std::uniform_real_distribution<float> distribution(-1, 1);
  return build(shape, [&](const Position&) { return distribution(random); });
}

Shape in_shape(const ConvShape& s) { return {s.batch, s.in_height, s.in_width, s.in_channels}; }
Shape out_shape(const ConvShape& s) { return {s.batch, s.out_height, s.out_width, s.out_channels}; }

/// The padding of a convolution from `in` to `out` pixels.
ops::Padding padding_of(const ConvShape& s) {
  auto after = [&](uint32_t in, uint32_t out, uint32_t before, uint32_t kernel) {
    uint32_t needed = (out - 1) * s.stride + kernel;
    return needed > in + before ? needed - in - before : 0;
  };
  return {.top = s.top,
          .bottom = after(s.in_height, s.out_height, s.top, s.kernel_height),
          .left = s.left,
          .right = after(s.in_width, s.out_width, s.left, s.kernel_width)};
}

/// Runs a launch on `inputs` and reads its result, `count` numbers.
std::vector<float> run(hal::Device& device, const ops::GemmLaunch& launch, const Arrays& inputs,
                       size_t count) {
  hal::Plan plan{.name = "conv", .buffers = {}, .dispatches = {}};
  hal::Dispatch dispatch{.kernel = launch.kernel,
                         .bindings = {},
                         .params = launch.params,
                         .constants = launch.constants,
                         .grid = launch.grid,
                         .label = "conv"};
  auto bind = [&](const std::vector<float>& values) {
    auto slot = static_cast<uint32_t>(plan.buffers.size());
    plan.buffers.push_back(upload(device, values, "conv"));
    dispatch.bindings.push_back({slot, 0, plan.buffers.back()->bytes()});
  };
  for (const Array& input : inputs) {
    bind(std::vector<float>(input.values.begin(), input.values.end()));
  }
  bind(std::vector<float>(count, kUnset));
  plan.dispatches = {dispatch};
  auto program = device.compile(plan);
  device.run(*program);
  return download<float>(device, plan.buffers.back(), count);
}

void check_conv(hal::Device& device, GemmCore core, const ConvShape& s,
                const ops::TermSplit& split = {}) {
  std::mt19937 random(s.in_channels);
  Array x = random_array(in_shape(s), random);
  Array bias = random_array({s.out_channels}, random);
  Array weight =
      random_array({s.kernel_height, s.kernel_width, s.transposed ? s.out_channels : s.in_channels,
                    s.transposed ? s.in_channels : s.out_channels},
                   random);
  Array sums = s.transposed ? conv_transpose2d(x, weight, s.stride, padding_of(transposed(s)),
                                               s.out_height, s.out_width)
                            : conv2d(x, weight, s.stride, padding_of(s));
  ASSERT_EQ(sums.shape, out_shape(s));
  const bool is_whole = split.count == 1;
  Array wanted =
      is_whole ? combine(sums, bias, [](double a, double b) { return std::tanh(a + b); }) : sums;
  ops::GemmEpilogue epilogue{.operand = ops::SumOperand::kBias,
                             .activation = static_cast<uint32_t>(ops::Activation::kTanh)};
  ops::GemmLaunch launch = ops::launch_conv(core, s, epilogue, device.limits(), split);
  const size_t size = wanted.values.size();
  const std::vector<float> partial = run(device, launch, {x, weight, bias}, size * split.count);
  std::vector<float> result(size, 0.0f);
  for (size_t i = 0; i < partial.size(); ++i) result[i % size] += partial[i];
  expect_close(result, wanted.values, {1e-5, 2e-5},
               fmt::format("{} {}", name(core), to_string(x.shape)));
  if (!is_whole || !has(device.limits(), hal::Feature::kFusedKernels)) return;
  const Array v = random_array(out_shape(s), random);
  epilogue.operand = ops::SumOperand::kDerivative;
  launch = ops::launch_conv(core, s, epilogue, device.limits(), split);
  wanted = combine(sums, v, [](double a, double b) { return a * (1 - b * b); });
  expect_close(run(device, launch, {x, weight, v}, size), wanted.values, {1e-5, 2e-5},
               fmt::format("{} {} by derivatives", name(core), to_string(x.shape)));
}

/// Also splits by 16 pixels, the smallest.
void check_weights(hal::Device& device, GemmCore core, const ConvShape& s) {
  std::mt19937 random(s.in_channels);
  Array x = random_array(in_shape(s), random);
  Array dy = random_array(out_shape(s), random);
  Array wanted =
      conv2d_weight_gradient(x, dy, s.kernel_height, s.kernel_width, s.stride, padding_of(s));
  auto pixels = static_cast<uint32_t>(s.out_pixels());
  for (const ops::PixelSplit& split :
       {ops::split_pixels(core, s, device.limits()), ops::PixelSplit{(pixels + 15) / 16, 16}}) {
    size_t size = wanted.values.size();
    ops::GemmLaunch launch = ops::launch_conv_weights(core, s, split, device.limits());
    std::vector<float> partial = run(device, launch, {x, dy}, size * split.count);
    std::vector<float> sums(size, 0.0f);
    for (size_t i = 0; i < partial.size(); ++i) sums[i % size] += partial[i];
    expect_close(sums, wanted.values, {1e-5, 2e-5},
                 fmt::format("{} weights {}", name(core), to_string(x.shape)));
  }
}

DEVICE_TEST(ConvGemm, convolves_every_shape_with_every_core) {
  for (GemmCore core : kConvCores) {
    for (const ConvShape& shape : kConvShapes) {
      if (!ops::can_convolve(core, shape, device.limits())) continue;
      check_conv(device, core, shape);
      check_conv(device, core, transposed(shape));
    }
  }
}

DRIVER_TEST(ConvGemm, splits_the_terms) {
  for (GemmCore core : {GemmCore::kBlock64, GemmCore::kBlock128}) {
    for (const ConvShape& shape : kConvShapes) {
      if (!ops::can_convolve(core, shape, device.limits())) continue;
      for (const ConvShape& s : {shape, transposed(shape)}) {
        const uint32_t terms = s.taps() * s.in_channels;
        if (terms > 16) check_conv(device, core, s, {.count = (terms + 15) / 16, .terms = 16});
      }
    }
  }
}

DEVICE_TEST(ConvGemm, makes_weight_gradients_with_every_core) {
  for (GemmCore core : kConvCores) {
    for (const ConvShape& shape : kConvShapes) {
      if (ops::can_convolve(core, shape, device.limits())) check_weights(device, core, shape);
    }
  }
}

const ConvShape kLayer = {128, 14, 14, 64, 7, 7, 64, 3, 3, 2, 0, 0};

TEST(ConvChoice, follows_the_device) {
  EXPECT_EQ(ops::choose_conv_core(kLayer, limits_of(hal::DeviceType::kCpu, 8)),
            GemmCore::kSubgroup);
  EXPECT_EQ(ops::choose_conv_core(kLayer, limits_of(hal::DeviceType::kCpu, 4)),
            GemmCore::kRegisters);
  const hal::Limits gpu = limits_of(hal::DeviceType::kDiscreteGpu, 32);
  EXPECT_EQ(ops::choose_conv_core(kLayer, gpu), GemmCore::kBlock64);
  EXPECT_EQ(ops::choose_conv_core({128, 16, 16, 128, 8, 8, 256, 4, 4, 2, 1, 1}, gpu),
            GemmCore::kBlock128);
  EXPECT_EQ(ops::choose_weights_core({128, 16, 16, 128, 8, 8, 256, 4, 4, 2, 1, 1}, gpu),
            GemmCore::kBlock128);
  EXPECT_EQ(ops::choose_conv_core({1, 1, 65536, 64, 1, 65536, 64}, gpu), GemmCore::kTile);
  EXPECT_EQ(ops::choose_conv_core(kLayer, limits_of(hal::DeviceType::kOther, 0)), GemmCore::kTile);
}

TEST(ConvChoice, prefers_native_code) {
  hal::Limits cpu = limits_of(hal::DeviceType::kCpu, 0);
  cpu.features = static_cast<uint32_t>(hal::Feature::kCpuCode);
  EXPECT_EQ(ops::choose_conv_core(kLayer, cpu), GemmCore::kPanels);
  EXPECT_EQ(ops::choose_weights_core(kLayer, cpu), GemmCore::kPanels);
  EXPECT_EQ(ops::split_pixels(GemmCore::kPanels, kLayer, cpu).count, 2u);  // 18 tiles
}

TEST(ConvChoice, keeps_off_texel_buffers_that_are_missing_or_too_small) {
  hal::Limits limits = limits_of(hal::DeviceType::kCpu, 8);
  limits.max_texel_elements = 128 * 14 * 14 * 64 / 4;
  EXPECT_EQ(ops::choose_conv_core(kLayer, limits), GemmCore::kSubgroup);
  limits.max_texel_elements -= 1;
  EXPECT_EQ(ops::choose_conv_core(kLayer, limits), GemmCore::kRegisters);
  limits = limits_of(hal::DeviceType::kCpu, 8);
  limits.features = 0;
  EXPECT_EQ(ops::choose_conv_core(kLayer, limits), GemmCore::kRegisters);
}

TEST(ConvChoice, splits_the_terms_of_few_tiles) {
  hal::Limits gpu = limits_of(hal::DeviceType::kDiscreteGpu, 32);
  ConvShape small = {8, 8, 8, 64, 4, 4, 64, 4, 4, 2, 1, 1};  // 2 tiles, 1024 terms
  EXPECT_EQ(ops::split_conv(GemmCore::kBlock64, small, gpu).count, 16u);
  EXPECT_EQ(ops::split_conv(GemmCore::kTile, small, gpu).count, 1u);
  EXPECT_EQ(ops::split_conv(GemmCore::kBlock64, small, limits_of(hal::DeviceType::kOther, 0)).count,
            1u);
}

TEST(ConvChoice, splits_pixels_for_the_device) {
  hal::Limits cpu = limits_of(hal::DeviceType::kCpu, 8);
  hal::Limits gpu = limits_of(hal::DeviceType::kDiscreteGpu, 32);
  // 576 x 64 sums are 36 tiles on a CPU and 9 on a GPU; 8 MB of images are 4 caches.
  EXPECT_EQ(ops::split_pixels(GemmCore::kSubgroup, kLayer, cpu).count, 4u);
  ops::PixelSplit split = ops::split_pixels(GemmCore::kTile, kLayer, gpu);
  EXPECT_EQ(split.pixels, 256u);
  EXPECT_EQ(split.count, 25u);  // 6,272 pixels
  // One tile.
  ConvShape narrow = {1, 1, 4096, 4, 1, 4096, 4};
  EXPECT_EQ(ops::split_pixels(GemmCore::kSubgroup, narrow, cpu).pixels, 256u);
  // Partial sums stay below 32 MB.
  ConvShape wide = {64, 8, 8, 1024, 8, 8, 1024, 3, 3, 1, 1, 1};
  EXPECT_EQ(ops::split_pixels(GemmCore::kTile, wide, gpu).count, 1u);
}

TEST(ConvChoice, keeps_the_weight_or_the_images_in_the_cache) {
  hal::Limits cpu = limits_of(hal::DeviceType::kCpu, 8);
  EXPECT_EQ(ops::launch_conv(GemmCore::kSubgroup, kLayer, {}, cpu).grid, (hal::Grid{2, 196, 1}));
  ConvShape deep = {128, 8, 8, 256, 4, 4, 512, 4, 4, 2, 1, 1};
  EXPECT_EQ(ops::launch_conv(GemmCore::kSubgroup, deep, {}, cpu).grid, (hal::Grid{64, 16, 1}));
}

TEST(ConvChoice, refuses_what_no_grid_holds) {
  ConvShape many = {65536, 64, 1, 4, 64, 1, 4};
  EXPECT_EQ(error_of([&] {
              ops::launch_conv(GemmCore::kTile, many, {}, limits_of(hal::DeviceType::kOther, 0));
            }),
            "convolution: 4194304 pixels of 4 channels take 1 x 65536 x 1 workgroups, the device "
            "has at most 65535 along an axis; use a smaller batch");
}

}  // namespace
}  // namespace pumice::test
