#include <gtest/gtest.h>

#include <algorithm>

#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

/// f of the pixels of each window of x.
Array pool(const Array& x, uint32_t size, uint32_t stride,
           const std::function<double(const std::vector<double>&)>& f) {
  const Shape y = {x.shape[0], (x.shape[1] - size) / stride + 1, (x.shape[2] - size) / stride + 1,
                   x.shape[3]};
  return build(y, [&](const Position& p) {
    std::vector<double> window;
    for (uint32_t u = 0; u < size; ++u) {
      for (uint32_t v = 0; v < size; ++v) {
        window.push_back(x.at({p[0], p[1] * stride + u, p[2] * stride + v, p[3]}));
      }
    }
    return f(window);
  });
}

double largest(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

double average(const std::vector<double>& values) {
  return sum_of(values) / static_cast<double>(values.size());
}

// One pixel, odd sizes, rows that no window covers; 4,096 elements are 4 workgroups.
std::vector<std::vector<Shape>> pictures(uint32_t size) {
  return {{{1, size, size, 1}}, {{2, 5, 7, 3}}, {{3, 6, 4, 4}}, {{1, 8, 3, 5}}};
}

OpTest max_test(uint32_t size, uint32_t stride, std::vector<std::vector<Shape>> shapes) {
  return {
      .shapes = std::move(shapes),
      .run = [=](const Tensors& in) { return ops::max_pool2d(in[0], size, stride); },
      .reference = [=](const Arrays& in) { return pool(in[0], size, stride, largest); },
      .inputs = distinct(),
      .check = Check::kSecondGradient,
  };
}

OpTest average_test(uint32_t size, uint32_t stride, std::vector<std::vector<Shape>> shapes) {
  return {
      .shapes = std::move(shapes),
      .run = [=](const Tensors& in) { return ops::average_pool2d(in[0], size, stride); },
      .reference = [=](const Arrays& in) { return pool(in[0], size, stride, average); },
      .check = Check::kSecondGradient,
  };
}

OP_TEST(max_pool2d, (max_test(2, 2, pictures(2))));
OP_TEST(max_pool2d_that_overlaps, (max_test(3, 2, pictures(3))));
OP_TEST(max_pool2d_with_gaps, (max_test(1, 3, pictures(1))));
OP_TEST(average_pool2d, (average_test(2, 2, pictures(2))));
OP_TEST(average_pool2d_that_overlaps, (average_test(3, 1, pictures(3))));
OP_TEST(average_pool2d_with_gaps, (average_test(2, 3, pictures(2))));

OpTest upsample_test(uint32_t scale) {
  return {
      .shapes = pictures(1),
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

OP_TEST(upsample_nearest2d_once, (upsample_test(1)));
OP_TEST(upsample_nearest2d, (upsample_test(2)));
OP_TEST(upsample_nearest2d_thrice, (upsample_test(3)));

DEVICE_TEST(Pool, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::max_pool2d(make({2, 3, 3}), 2, 2);
            }),
            "max_pool2d: expects pictures [B, H, W, C], got [2, 3, 3]");
  EXPECT_EQ(error_of([&] {
              ops::average_pool2d(make({2, 3, 3, 1}), 4, 2);
            }),
            "average_pool2d: windows of 4 x 4 do not fit [2, 3, 3, 1]");
  EXPECT_EQ(error_of([&] {
              ops::max_pool2d(make({2, 3, 3, 1}), 2, 0);
            }),
            "max_pool2d: expects a size and a stride of at least 1, got 2 and 0");
  EXPECT_EQ(error_of([&] {
              ops::upsample_nearest2d(make({2, 3, 3, 1}), 0);
            }),
            "upsample_nearest2d: expects a scale of at least 1, got 0");
}

}  // namespace
}  // namespace pumice::test
