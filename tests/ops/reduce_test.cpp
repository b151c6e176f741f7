#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using Axes = std::vector<int>;

double smallest(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), values[0], smaller);
}
// All sets of axes for a shape of rank 4, some counted from the end.
const std::vector<Axes> kAxes = {{},        {0},       {1},       {-2},        {3},      {0, 1},
                                 {0, 2},    {0, -1},   {1, 2},    {1, 3},      {-1, -2}, {0, 1, 2},
                                 {0, 1, 3}, {0, 2, 3}, {1, 2, 3}, {0, 1, 2, 3}};

/// The results for all sets of axes, concatenated: one plan instead of sixteen.
Tensor over_all_axes(const Tensor& x, bool keep_axes,
                     Tensor (*op)(const Tensor&, const Axes&, bool)) {
  Tensors parts;
  for (const Axes& axes : kAxes) {
    Tensor part = op(x, axes, keep_axes);
    parts.push_back(ops::reshape(part, {static_cast<uint32_t>(part.size())}));
  }
  return ops::concat(parts, 0);
}

Array reference_over_all_axes(const Array& x, double (*f)(const std::vector<double>&)) {
  Array all;
  for (const Axes& axes : kAxes) {
    Array part = reduce(x, axes, false, f);
    all.values.insert(all.values.end(), part.values.begin(), part.values.end());
  }
  all.shape = {static_cast<uint32_t>(all.values.size())};
  return all;
}

OP_TEST(sum_over_axes) {
  return {
      .shapes = {{{2, 3, 4, 5}}, {{3, 1, 2, 1}}, {{1, 7, 1, 3}}},
      .run = [](const Tensors& in) { return over_all_axes(in[0], false, ops::sum); },
      .reference = [](const Arrays& in) { return reference_over_all_axes(in[0], sum_of); },
      .tolerance = {.absolute = 1e-5},
      .gradient_tolerance = {1e-4, 1e-4},
  };
}

OP_TEST(sum_with_kept_axes) {
  return {
      .shapes = {{{2, 3, 4, 5}}},
      .run = [](const Tensors& in) { return over_all_axes(in[0], true, ops::sum); },
      .reference = [](const Arrays& in) { return reference_over_all_axes(in[0], sum_of); },
      .tolerance = {.absolute = 1e-5},
  };
}

OP_TEST(mean_over_axes) {
  return {
      .shapes = {{{2, 3, 4, 5}}},
      .run = [](const Tensors& in) { return over_all_axes(in[0], false, ops::mean); },
      .reference = [](const Arrays& in) { return reference_over_all_axes(in[0], average); },
      .check = Check::kSecondGradient,
  };
}

OP_TEST(max_over_axes) {
  return {
      .shapes = {{{2, 3, 4, 5}}},
      .run = [](const Tensors& in) { return over_all_axes(in[0], false, ops::max); },
      .reference = [](const Arrays& in) { return reference_over_all_axes(in[0], largest); },
      .tolerance = {0, 0},
  };
}

OP_TEST(min_over_axes) {
  return {
      .shapes = {{{2, 3, 4, 5}}},
      .run = [](const Tensors& in) { return over_all_axes(in[0], true, ops::min); },
      .reference = [](const Arrays& in) { return reference_over_all_axes(in[0], smallest); },
      .tolerance = {0, 0},
  };
}

// Sizes on both sides of the switches: 256 elements to fold, 4096 sums, and the chunks in between.
const std::vector<std::vector<Shape>> kLong = {
    {{1, 1, 1}},    {{1, 256, 1}},  {{1, 257, 1}},   {{3, 257, 5}},   {{2, 256, 7}},
    {{1, 4099, 1}}, {{1, 255, 41}}, {{63, 257, 65}}, {{1, 8209, 3}},  {{5, 12, 1}},
    {{1, 8192, 1}}, {{5, 12, 4}},   {{3, 260, 8}},   {{1, 1031, 128}}};

OP_TEST(sum_of_a_long_axis) {
  return {
      .shapes = kLong,
      .run = [](const Tensors& in) { return ops::sum(in[0], {1}); },
      .reference = [](const Arrays& in) { return reduce(in[0], {1}, false, sum_of); },
      .tolerance = {1e-5, 1e-3},
  };
}

OP_TEST(sum_of_just_enough_rows) {
  return {
      .shapes = {{{4095, 257}}, {{4096, 257}}, {{4095, 260}}},
      .run = [](const Tensors& in) { return ops::sum(in[0], {1}); },
      .reference = [](const Arrays& in) { return reduce(in[0], {1}, false, sum_of); },
      .tolerance = {1e-5, 1e-4},
  };
}

OP_TEST(max_of_a_long_axis) {
  return {
      .shapes = kLong,
      .run = [](const Tensors& in) { return ops::max(in[0], {1}, true); },
      .reference = [](const Arrays& in) { return reduce(in[0], {1}, true, largest); },
      .inputs = distinct(),
      .tolerance = {0, 0},
  };
}

OP_TEST(sum_of_all) {
  return {
      .shapes = {{{}}, {{1}}, {{257}}, {{7, 11, 13}}},
      .run = [](const Tensors& in) { return ops::sum(ops::square(in[0])); },
      .reference =
          [](const Arrays& in) {
            double total = 0;
            for (double x : in[0].values) total += x * x;
            return array({}, {total});
          },
      .check = Check::kSecondGradient,
  };
}

OP_TEST(mean_of_all) {
  return {
      .shapes = {{{}}, {{1}}, {{257}}, {{7, 11, 13}}},
      .run = [](const Tensors& in) { return ops::mean(ops::exp(in[0])); },
      .reference =
          [](const Arrays& in) {
            Array exponents = map(in[0], [](double x) { return std::exp(x); });
            return array({}, {average(exponents.values)});
          },
      .check = Check::kSecondGradient,
  };
}

DEVICE_TEST(Reduce, SharesTheGradientAmongTies) {
  Graph graph(device.limits());
  Tensor x = upload(device, graph, array({2, 4}, {3, 1, 3, 3, 5, 4, 4, 4}));
  Tensors outputs = {ops::gradients(ops::sum(ops::max(x, {1})), {x})[0],
                     ops::gradients(ops::sum(ops::min(x, {1})), {x})[0]};
  Step step(device, graph, "ties", outputs);
  step.run();
  constexpr float kThird = 1.0f / 3;
  const std::vector<float> of_max = step.read_floats(outputs[0]);
  const std::vector<float> of_min = step.read_floats(outputs[1]);
  const std::vector<double> expected_max = {kThird, 0, kThird, kThird, 1, 0, 0, 0};
  const std::vector<double> expected_min = {0, 1, 0, 0, 0, kThird, kThird, kThird};
  expect_close(of_max, expected_max, {}, "max");
  expect_close(of_min, expected_min, {}, "min");
}

DEVICE_TEST(Reduce, RefusesAxesThatAreNotThere) {
  Graph graph(device.limits());
  Tensor x = ops::constant(graph, {2, 3}, 1);
  EXPECT_EQ(error_of([&] { ops::sum(x, {2}); }), "sum: no axis 2 in [2, 3]");
  EXPECT_EQ(error_of([&] { ops::mean(x, {-3}); }), "mean: no axis -3 in [2, 3]");
}

}  // namespace
}  // namespace pumice::test
