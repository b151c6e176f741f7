#include <gtest/gtest.h>

#include "engine/ops/ops.h"
#include "tests/support/conv_reference.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using ops::Padding;

/// Shapes of x and dy, and the kernel's size (which follows from them only if the stride is 1).
OpTest weights_test(std::vector<std::vector<Shape>> shapes, uint32_t kernel_height,
                    uint32_t kernel_width, uint32_t stride, const Padding& padding,
                    Check check = Check::kForward) {
  return {
      .shapes = std::move(shapes),
      .run =
          [=](const Tensors& in) {
            return ops::conv2d_weight_gradient(in[0], in[1], kernel_height, kernel_width, stride,
                                               padding);
          },
      .reference =
          [=](const Arrays& in) {
            return conv2d_weight_gradient(in[0], in[1], kernel_height, kernel_width, stride,
                                          padding);
          },
      .inputs = between(-1, 1),
      .check = check,
      .tolerance = {1e-5, 1e-4},
      .gradient_tolerance = {1e-4, 1e-4},
      .second_tolerance = {1e-3, 1e-3},
  };
}

// Channels on both sides of every switch; few pixels, and many, whose sums are split.
OP_TEST(conv2d_weight_gradient) {
  return weights_test({{{2, 4, 4, 1}, {2, 3, 2, 3}},
                       {{1, 4, 4, 4}, {1, 3, 2, 1}},
                       {{2, 4, 4, 3}, {2, 3, 2, 2}},
                       {{1, 4, 4, 4}, {1, 3, 2, 5}}},
                      2, 3, 1, {}, Check::kSecondGradient);
}
OP_TEST(conv2d_weight_gradient_large) {
  return weights_test({{{3, 8, 9, 8}, {3, 8, 9, 36}},
                       {{1, 8, 8, 36}, {1, 8, 8, 4}},
                       {{2, 8, 8, 33}, {2, 8, 8, 6}},
                       {{20, 8, 8, 4}, {20, 8, 8, 8}},
                       {{90, 8, 9, 1}, {90, 8, 9, 4}},
                       {{70, 9, 8, 4}, {70, 9, 8, 1}}},
                      3, 3, 1, {1, 1, 1, 1});
}
// Rows of 1 to 5 pixels: groups of four pixels cross rows and images in every way.
OP_TEST(conv2d_weight_gradient_strided) {
  return weights_test({{{3, 9, 9, 4}, {3, 5, 5, 4}},
                       {{7, 3, 1, 4}, {7, 2, 1, 4}},
                       {{9, 1, 1, 4}, {9, 1, 1, 8}},
                       {{5, 3, 5, 8}, {5, 2, 3, 12}},
                       {{300, 1, 3, 4}, {300, 1, 2, 4}}},
                      3, 3, 2, {1, 1, 1, 1});
}

DEVICE_TEST(Conv2dWeightGradient, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::conv2d_weight_gradient(make({2, 4, 4, 3}), make({2, 3, 2, 8}), 3, 3, 1, {});
            }),
            "conv2d_weight_gradient: a kernel of 3 with stride 1 does not give 3 of 4 padded "
            "pixels along the height");
  EXPECT_EQ(error_of([&] {
              ops::conv2d_weight_gradient(make({2, 4, 4, 3}), make({3, 2, 2, 8}), 3, 3, 1, {});
            }),
            "conv2d_weight_gradient: expects as many gradients as images, got [3, 2, 2, 8] and "
            "[2, 4, 4, 3]");
}

}  // namespace
}  // namespace pumice::test
