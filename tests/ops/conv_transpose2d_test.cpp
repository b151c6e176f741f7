#include <gtest/gtest.h>

#include <cmath>

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

/// The options; `more` is the number of rows and columns beyond the smallest result.
struct Options {
  uint32_t stride = 1;
  Padding padding = {};
  uint32_t more_rows = 0;
  uint32_t more_columns = 0;
};

uint32_t out_height(const Shape& x, const Shape& weight, const Options& o) {
  return (x[1] - 1) * o.stride + weight[0] - o.padding.top - o.padding.bottom + o.more_rows;
}

uint32_t out_width(const Shape& x, const Shape& weight, const Options& o) {
  return (x[2] - 1) * o.stride + weight[1] - o.padding.left - o.padding.right + o.more_columns;
}

OpTest transposed_test(std::vector<std::vector<Shape>> shapes, const Options& o,
                       Check check = Check::kForward) {
  return {
      .shapes = std::move(shapes),
      .run =
          [=](const Tensors& in) {
            return ops::conv_transpose2d(in[0], in[1],
                                         {.stride = o.stride,
                                          .padding = o.padding,
                                          .out_height = out_height(in[0].shape(), in[1].shape(), o),
                                          .out_width = out_width(in[0].shape(), in[1].shape(), o)});
          },
      .reference =
          [=](const Arrays& in) {
            return conv_transpose2d(in[0], in[1], o.stride, o.padding,
                                    out_height(in[0].shape, in[1].shape, o),
                                    out_width(in[0].shape, in[1].shape, o));
          },
      .inputs = between(-1, 1),
      .check = check,
      .tolerance = {1e-5, 2e-5},
      .gradient_tolerance = {1e-4, 1e-4},
      .second_tolerance = {1e-3, 1e-3},
  };
}

// Channels on both sides of every switch: one, few, whole vec4s, neither; and a weight much larger
// than the images.
const std::vector<std::vector<Shape>> kSmallTransposed = {
    {{1, 2, 2, 1}, {2, 2, 1, 1}},  {{2, 3, 2, 1}, {2, 3, 3, 1}}, {{1, 2, 3, 4}, {3, 2, 1, 4}},
    {{2, 2, 2, 3}, {3, 2, 2, 3}},  {{1, 2, 3, 5}, {3, 3, 4, 5}}, {{1, 3, 2, 4}, {2, 3, 4, 4}},
    {{2, 2, 2, 6}, {2, 3, 12, 6}},
};

OP_TEST(conv_transpose2d) { return transposed_test(kSmallTransposed, {}, Check::kSecondGradient); }
OP_TEST(conv_transpose2d_cut) {
  return transposed_test(kSmallTransposed, {1, {1, 0, 0, 1}}, Check::kSecondGradient);
}
OP_TEST(conv_transpose2d_strided) {
  return transposed_test(kSmallTransposed, {2, {0, 1, 1, 0}}, Check::kSecondGradient);
}
OP_TEST(conv_transpose2d_with_gaps) {
  return transposed_test(kSmallTransposed, {3, {1, 0, 1, 0}, 2, 1}, Check::kSecondGradient);
}
// From one pixel to the kernel's size: a matrix product.
OP_TEST(conv_transpose2d_whole) {
  return transposed_test({{{3, 1, 1, 4}, {3, 2, 4, 4}}, {{2, 1, 1, 3}, {2, 2, 2, 3}}}, {},
                         Check::kSecondGradient);
}

// Phases in tiles of 16, 32 and 64 pixels and channels, whole and partly filled.
const std::vector<std::vector<Shape>> kLargeTransposed = {
    {{2, 7, 7, 32}, {4, 4, 36, 32}}, {{1, 1, 31, 4}, {3, 3, 32, 4}}, {{3, 6, 5, 8}, {3, 2, 64, 8}},
    {{2, 4, 4, 33}, {4, 4, 5, 33}},  {{2, 9, 5, 1}, {3, 3, 32, 1}},  {{2, 8, 8, 64}, {4, 4, 3, 64}},
    {{1, 6, 6, 64}, {7, 7, 1, 64}},
};

OP_TEST(conv_transpose2d_large) { return transposed_test(kLargeTransposed, {1, {1, 1, 0, 2}}); }
OP_TEST(conv_transpose2d_large_strided) {
  return transposed_test(kLargeTransposed, {2, {1, 1, 1, 1}});
}
OP_TEST(conv_transpose2d_large_with_gaps) {
  return transposed_test(kLargeTransposed, {5, {0, 1, 1, 0}, 4, 0});
}

OpTest transposed_epilogue_test(Activation activation) {
  return {
      .shapes = {{{2, 2, 2, 1}, {3, 3, 4, 1}, {4}},
                 {{2, 2, 2, 4}, {3, 3, 1, 4}, {1}},
                 {{2, 2, 2, 4}, {3, 3, 6, 4}, {6}},
                 {{2, 1, 1, 4}, {2, 2, 4, 4}, {4}}},
      .run =
          [=](const Tensors& in) {
            return ops::conv_transpose2d(in[0], in[1],
                                         {.stride = 2, .bias = in[2], .activation = activation});
          },
      .reference =
          [=](const Arrays& in) {
            const Options o = {.stride = 2};
            Array sums =
                conv_transpose2d(in[0], in[1], 2, {}, out_height(in[0].shape, in[1].shape, o),
                                 out_width(in[0].shape, in[1].shape, o));
            return map(combine(sums, in[2], std::plus<>()),
                       [=](double x) { return activated(activation, x); });
          },
      .inputs = between(-1, 1),
      .check = Check::kSecondGradient,
      .tolerance = {1e-5, 2e-5},
      .gradient_tolerance = {1e-4, 1e-4},
      .second_tolerance = {1e-3, 1e-3},
  };
}

// One activation whose gradient needs the output, and one whose gradient needs the input.
OP_TEST(conv_transpose2d_with_tanh) { return transposed_epilogue_test(Activation::kTanh); }
OP_TEST(conv_transpose2d_with_gelu) { return transposed_epilogue_test(Activation::kGelu); }

DEVICE_TEST(ConvTranspose2d, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::conv_transpose2d(make({2, 4, 4, 3}), make({3, 3, 3, 8}));
            }),
            "conv_transpose2d: expects a weight [kh, kw, out, 3] for images [2, 4, 4, 3], got "
            "[3, 3, 3, 8]");
  EXPECT_EQ(error_of([&] {
              ops::conv_transpose2d(make({2, 4, 4, 3}), make({3, 3, 8, 3}),
                                    {.stride = 2, .out_height = 11});
            }),
            "conv_transpose2d: 4 pixels with a kernel of 3 and stride 2, 0 cropped, cannot give 11 "
            "pixels");
  EXPECT_EQ(
      error_of([&] {
        ops::conv_transpose2d(make({2, 1, 1, 3}), make({2, 2, 8, 3}), {.padding = {1, 1, 1, 1}});
      }),
      "conv_transpose2d: cropping 2 of 2 pixels leaves none");
}

}  // namespace
}  // namespace pumice::test
