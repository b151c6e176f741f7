#include <gtest/gtest.h>

#include "engine/ops/ops.h"
#include "tests/support/activations.h"
#include "tests/support/conv_reference.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using ops::Activation;
using ops::Padding;

constexpr Tolerance kConvSums = {1e-5, 2e-5};
constexpr Tolerance kConvGradientSums = {1e-4, 1e-4};
constexpr Tolerance kSecondSums = {1e-3, 1e-3};

OpTest conv2d_test(std::vector<std::vector<Shape>> shapes, uint32_t stride, const Padding& padding,
                   Check check = Check::kForward) {
  return {
      .shapes = std::move(shapes),
      .run =
          [=](const Tensors& in) {
            return ops::conv2d(in[0], in[1], {.stride = stride, .padding = padding});
          },
      .reference = [=](const Arrays& in) { return conv2d(in[0], in[1], stride, padding); },
      .inputs = between(-1, 1),
      .check = check,
      .tolerance = kConvSums,
      .gradient_tolerance = kConvGradientSums,
      .second_tolerance = kSecondSums,
  };
}

// Channels on both sides of every switch: one, few, whole vec4s, neither; a weight much larger than
// the images; and gradients of any order through all of them.
const std::vector<std::vector<Shape>> kSmall = {
    {{1, 1, 1, 1}, {1, 1, 1, 1}},  {{2, 3, 4, 1}, {2, 3, 1, 3}}, {{1, 4, 3, 4}, {3, 2, 4, 1}},
    {{2, 4, 4, 3}, {2, 2, 3, 2}},  {{1, 3, 3, 5}, {3, 3, 5, 4}}, {{1, 5, 3, 4}, {2, 2, 4, 4}},
    {{2, 3, 4, 6}, {3, 2, 6, 12}},
};

OP_TEST(conv2d) { return conv2d_test(kSmall, 1, {}, Check::kSecondGradient); }
OP_TEST(conv2d_padded) { return conv2d_test(kSmall, 1, {1, 2, 0, 1}, Check::kSecondGradient); }
OP_TEST(conv2d_strided) { return conv2d_test(kSmall, 2, {1, 0, 1, 1}, Check::kSecondGradient); }
OP_TEST(conv2d_with_gaps) {
  return conv2d_test(
      {{{2, 7, 8, 1}, {2, 1, 1, 4}}, {{1, 8, 7, 4}, {2, 2, 4, 4}}, {{1, 8, 8, 4}, {1, 2, 4, 1}}}, 3,
      {0, 1, 1, 0}, Check::kSecondGradient);
}

// Tiles of 16, 32 and 64 pixels and channels, whole and partly filled.
const std::vector<std::vector<Shape>> kLarge = {
    {{1, 1, 31, 4}, {1, 3, 4, 32}},   {{2, 5, 7, 8}, {3, 3, 8, 36}},
    {{3, 11, 6, 32}, {3, 2, 32, 12}}, {{2, 8, 8, 36}, {4, 4, 36, 64}},
    {{1, 9, 9, 33}, {3, 3, 33, 35}},  {{2, 14, 14, 1}, {3, 3, 1, 64}},
    {{2, 13, 9, 64}, {7, 7, 64, 1}},  {{3, 8, 8, 3}, {4, 4, 3, 32}},
    {{2, 6, 6, 32}, {5, 5, 32, 3}},   {{5, 4, 4, 16}, {4, 4, 16, 1}},
};

OP_TEST(conv2d_large) { return conv2d_test(kLarge, 1, {0, 2, 1, 1}); }
OP_TEST(conv2d_large_strided) { return conv2d_test(kLarge, 2, {1, 1, 2, 1}); }
// With a kernel that covers the whole image, a convolution is a matrix product.
OP_TEST(conv2d_whole) {
  return conv2d_test({{{3, 4, 4, 4}, {4, 4, 4, 1}}, {{5, 2, 3, 4}, {2, 3, 4, 8}}}, 1, {},
                     Check::kSecondGradient);
}

OpTest conv2d_epilogue_test(Activation activation) {
  return {
      .shapes = {{{2, 3, 3, 1}, {2, 2, 1, 4}, {4}},
                 {{2, 3, 3, 4}, {2, 2, 4, 1}, {1}},
                 {{2, 3, 3, 4}, {2, 2, 4, 6}, {6}},
                 {{2, 3, 3, 4}, {2, 2, 4, 8}, {8}}},
      .run =
          [=](const Tensors& in) {
            return ops::conv2d(in[0], in[1],
                               {.padding = {1, 0, 0, 1}, .bias = in[2], .activation = activation});
          },
      .reference =
          [=](const Arrays& in) {
            Array sums = combine(conv2d(in[0], in[1], 1, {1, 0, 0, 1}), in[2], std::plus<>());
            return map(sums, [=](double x) { return activated(activation, x); });
          },
      .inputs = between(-1, 1),
      .check = check_of(activation),
      .tolerance = kConvSums,
      .gradient_tolerance = kConvGradientSums,
      .second_tolerance = kSecondSums,
  };
}

ACTIVATION_TESTS(conv2d_with, conv2d_epilogue_test);

TEST(SamePadding, IsThatOfTensorFlow) {
  EXPECT_EQ(ops::same_padding({28, 28, 1}, 3, 2), (Padding{0, 1, 0, 1}));
  EXPECT_EQ(ops::same_padding({14, 14, 64}, 3, 2), (Padding{0, 1, 0, 1}));
  EXPECT_EQ(ops::same_padding({7, 8}, 3, 2), (Padding{1, 1, 0, 1}));
  EXPECT_EQ(ops::same_padding({28, 28, 128}, 7, 1), (Padding{3, 3, 3, 3}));
  EXPECT_EQ(ops::same_padding({32, 32, 3}, 4, 2), (Padding{1, 1, 1, 1}));
  EXPECT_EQ(ops::same_padding({9, 9, 3}, 1, 3), (Padding{0, 0, 0, 0}));
  EXPECT_EQ(ops::same_padding_transposed(4, 2), (Padding{1, 1, 1, 1}));
  EXPECT_EQ(ops::same_padding_transposed(3, 2), (Padding{0, 1, 0, 1}));
  EXPECT_EQ(ops::same_padding_transposed(3, 1), (Padding{1, 1, 1, 1}));
  EXPECT_EQ(ops::same_padding_transposed(2, 3), (Padding{0, 0, 0, 0}));
}

/// The kernels for a convolution with these extents on a device with this binding limit.
std::vector<std::string_view> kernels_of(const Shape& x, const Shape& weight, uint64_t bytes) {
  hal::Limits limits;
  limits.max_binding_bytes = bytes;
  Graph graph(limits);
  ops::conv2d(ops::constant(graph, x, 1), ops::constant(graph, weight, 1));
  std::vector<std::string_view> names;
  for (const Node& node : graph.nodes()) {
    if (node.kernel && node.kernel->name != "fill") names.push_back(node.kernel->name);
  }
  return names;
}

using Names = std::vector<std::string_view>;

TEST(Conv2dChoice, GoesByTheChannels) {
  const uint64_t plenty = 1u << 20;
  EXPECT_EQ(kernels_of({8, 9, 9, 4}, {2, 2, 4, 8}, plenty), Names({"conv_tile"}));
  EXPECT_EQ(kernels_of({8, 9, 9, 1}, {2, 2, 1, 8}, plenty), Names({"unfold", "matmul_tile"}));
  EXPECT_EQ(kernels_of({8, 9, 9, 4}, {2, 2, 4, 1}, plenty), Names({"matmul_tile", "fold"}));
  EXPECT_EQ(kernels_of({8, 9, 9, 3}, {2, 2, 3, 8}, plenty), Names({"pad", "pad", "conv_tile"}));
  EXPECT_EQ(kernels_of({8, 2, 2, 3}, {2, 2, 3, 1}, plenty), Names({"matmul_tile"}));
}

// 392 rows of 12 numbers are 18,816 bytes, 512 of 16 numbers 32 KB.
TEST(Conv2dChoice, KeepsScratchMemoryBindable) {
  EXPECT_EQ(kernels_of({8, 9, 9, 1}, {3, 3, 1, 4}, 16384), Names({"pad", "pad", "conv_tile"}));
  EXPECT_EQ(kernels_of({8, 8, 8, 4}, {2, 2, 4, 2}, 16384), Names({"pad", "conv_tile", "slice"}));
}

// With one output channel, z has one number per tap and pixel: 196 · 52 of them, 41 KB.
TEST(Conv2dChoice, FoldsToOneChannelAsLongAsItsScratchMemoryCanBeBound) {
  EXPECT_EQ(kernels_of({1, 14, 14, 8}, {7, 7, 8, 1}, 65536), Names({"pad", "matmul_tile", "fold"}));
}

TEST(Conv2dChoice, TakesLargeImagesPartByPart) {
  EXPECT_EQ(kernels_of({8, 9, 9, 4}, {2, 2, 4, 8}, 16383),
            Names({"slice", "slice", "conv_tile", "conv_tile"}));
}

// For each of the two taps, the rows of the images that it reads.
TEST(Conv2dChoice, TakesALargeWeightTapByTap) {
  EXPECT_EQ(kernels_of({1, 3, 3, 4}, {2, 1, 4, 128}, 4095),
            Names({"slice", "conv_tile", "slice", "conv_tile", "binary"}));
}

TEST(Conv2dChoice, RefusesSingleImagesThatAreTooLargeToBind) {
  EXPECT_EQ(error_of([&] {
              kernels_of({8, 9, 9, 4}, {2, 2, 4, 8}, 2047);
            }),
            "conv2d: one of 8 rows takes 2048 bytes, the device binds at most 2047 at once");
}

DEVICE_TEST(Conv2d, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::conv2d(make({4, 4, 3}), make({3, 3, 3, 8}));
            }),
            "conv2d: expects images [B, H, W, C], got [4, 4, 3]");
  EXPECT_EQ(error_of([&] {
              ops::conv2d(make({2, 4, 4, 3}), make({3, 3, 4, 8}));
            }),
            "conv2d: expects a weight [kh, kw, 3, out] for images [2, 4, 4, 3], got "
            "[3, 3, 4, 8]");
  EXPECT_EQ(error_of([&] {
              ops::conv2d(make({2, 4, 4, 3}), make({5, 3, 3, 8}));
            }),
            "conv2d: a kernel of 5 does not fit 4 pixels");
  EXPECT_EQ(error_of([&] {
              ops::conv2d(make({2, 4, 4, 3}), make({3, 3, 3, 8}), {.stride = 0});
            }),
            "conv2d: expects a stride of at least 1, got 0");
  EXPECT_EQ(error_of([&] {
              ops::conv2d(make({2, 4, 4, 3}), make({3, 3, 3, 8}), {.bias = make({3})});
            }),
            "conv2d: expects a bias of [8], got [3]");
}

}  // namespace
}  // namespace pumice::test
