#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

/// f of the pixels of each window of x that are inside the image.
Array pool(const Array& x, uint32_t size, uint32_t stride, uint32_t padding,
           const std::function<double(const std::vector<double>&)>& f) {
  auto windows = [&](uint32_t extent) { return (extent + 2 * padding - size) / stride + 1; };
  const Shape y = {x.shape[0], windows(x.shape[1]), windows(x.shape[2]), x.shape[3]};
  return build(y, [&](const Position& p) {
    std::vector<double> window;
    for (uint32_t u = 0; u < size; ++u) {
      for (uint32_t v = 0; v < size; ++v) {
        const uint32_t i = p[1] * stride + u - padding;  // wraps beyond the edge
        const uint32_t j = p[2] * stride + v - padding;
        if (i < x.shape[1] && j < x.shape[2]) window.push_back(x.at({p[0], i, j, p[3]}));
      }
    }
    return f(window);
  });
}

// One pixel, odd sizes, rows that no window covers, and 4,096 elements, which are 4 workgroups.
std::vector<std::vector<Shape>> images(uint32_t size) {
  return {{{1, size, size, 1}}, {{2, 5, 7, 3}}, {{3, 6, 5, 4}}, {{1, 8, 3, 5}}, {{2, 9, 8, 12}}};
}

OpTest max_test(uint32_t size, uint32_t stride, uint32_t padding,
                std::vector<std::vector<Shape>> shapes) {
  return {
      .shapes = std::move(shapes),
      .run = [=](const Tensors& in) { return ops::max_pool2d(in[0], size, stride, padding); },
      .reference = [=](const Arrays& in) { return pool(in[0], size, stride, padding, largest); },
      .inputs = distinct(),
      .check = Check::kSecondGradient,
  };
}

OpTest average_test(uint32_t size, uint32_t stride, uint32_t padding, ops::AverageOver over,
                    std::vector<std::vector<Shape>> shapes) {
  auto average = [=](const std::vector<double>& values) {
    const bool by_pixels = over == ops::AverageOver::kPixels;
    return sum_of(values) / static_cast<double>(by_pixels ? values.size() : size * size);
  };
  return {
      .shapes = std::move(shapes),
      .run =
          [=](const Tensors& in) {
            return ops::average_pool2d(in[0], size, stride, padding, over);
          },
      .reference = [=](const Arrays& in) { return pool(in[0], size, stride, padding, average); },
      .check = Check::kSecondGradient,
  };
}

constexpr auto kWindow = ops::AverageOver::kWindow;
constexpr auto kPixels = ops::AverageOver::kPixels;

OP_TEST(max_pool2d) { return max_test(2, 2, 0, images(2)); }
OP_TEST(max_pool2d_that_overlaps) { return max_test(3, 2, 0, images(3)); }
OP_TEST(max_pool2d_with_gaps) { return max_test(1, 3, 0, images(1)); }
OP_TEST(max_pool2d_padded) { return max_test(3, 1, 1, images(1)); }
OP_TEST(max_pool2d_padded_with_stride) { return max_test(4, 3, 2, images(1)); }
OP_TEST(average_pool2d) { return average_test(2, 2, 0, kWindow, images(2)); }
OP_TEST(average_pool2d_that_overlaps) { return average_test(3, 1, 0, kWindow, images(3)); }
OP_TEST(average_pool2d_with_gaps) { return average_test(2, 3, 0, kWindow, images(2)); }
OP_TEST(average_pool2d_padded) { return average_test(3, 1, 1, kWindow, images(1)); }
OP_TEST(average_pool2d_over_pixels) { return average_test(3, 1, 1, kPixels, images(1)); }
OP_TEST(average_pool2d_over_pixels_with_stride) {
  return average_test(5, 2, 2, kPixels, images(1));
}

OpTest upsample_test(uint32_t scale) {
  return {
      .shapes = images(1),
      .run = [=](const Tensors& in) { return ops::upsample_nearest2d(in[0], scale); },
      .reference =
          [=](const Arrays& in) {
            const Shape& s = in[0].shape;
            return build({s[0], s[1] * scale, s[2] * scale, s[3]}, [&](const Position& p) {
              return in[0].at({p[0], p[1] / scale, p[2] / scale, p[3]});
            });
          },
      .check = Check::kSecondGradient,
  };
}

OP_TEST(upsample_nearest2d_once) { return upsample_test(1); }
OP_TEST(upsample_nearest2d) { return upsample_test(2); }
OP_TEST(upsample_nearest2d_thrice) { return upsample_test(3); }

DEVICE_TEST(Pool, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::max_pool2d(make({2, 3, 3}), 2, 2);
            }),
            "max_pool2d: expects images [B, H, W, C], got [2, 3, 3]");
  EXPECT_EQ(error_of([&] {
              ops::average_pool2d(make({2, 3, 3, 1}), 4, 2);
            }),
            "average_pool2d: windows of 4 x 4 do not fit in [2, 3, 3, 1]");
  EXPECT_EQ(error_of([&] {
              ops::max_pool2d(make({2, 3, 3, 1}), 2, 0);
            }),
            "max_pool2d: expects a size and a stride of at least 1, got 2 and 0");
  EXPECT_EQ(error_of([&] {
              ops::max_pool2d(make({2, 3, 3, 1}), 3, 1, 2);
            }),
            "max_pool2d: expects padding of at most half the windows of 3 x 3, got 2");
  EXPECT_EQ(error_of([&] {
              ops::upsample_nearest2d(make({2, 3, 3, 1}), 0);
            }),
            "upsample_nearest2d: expects a scale of at least 1, got 0");
}

}  // namespace
}  // namespace pumice::test
