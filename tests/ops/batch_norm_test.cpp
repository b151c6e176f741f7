#include <gtest/gtest.h>

#include <cmath>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/activations.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using ops::Activation;

constexpr float kEpsilon = 1e-3f;

constexpr float kLeak = 0.1f;

std::vector<int> all_but_the_last(const Array& x) {
  std::vector<int> axes;
  for (uint32_t axis = 0; axis + 1 < x.shape.rank(); ++axis) axes.push_back(static_cast<int>(axis));
  return axes;
}

double mean_square_deviation(const std::vector<double>& values) {
  double mean = average(values), total = 0;
  for (double value : values) total += (value - mean) * (value - mean);
  return total / static_cast<double>(values.size());
}

/// inputs: x, scale, shift, mean, variance.
Array normalized(const Arrays& in, Activation activation) {
  auto times = [](double a, double b) { return a * b; };
  auto plus = [](double a, double b) { return a + b; };
  Array deviation = map(in[4], [](double v) { return std::sqrt(v + kEpsilon); });
  Array centered = combine(in[0], in[3], [](double a, double b) { return a - b; });
  Array unit = combine(centered, deviation, [](double a, double b) { return a / b; });
  return map(combine(combine(unit, in[1], times), in[2], plus),
             [=](double x) { return activated(activation, x, kLeak); });
}

Array batch_norm_reference(const Arrays& in, Activation activation) {
  const std::vector<int> axes = all_but_the_last(in[0]);
  Array mean = reduce(in[0], axes, false, average);
  Array variance = reduce(in[0], axes, false, mean_square_deviation);
  return normalized({in[0], in[1], in[2], mean, variance}, activation);
}

/// x in several shapes, with the scale and shift of its channels.
std::vector<std::vector<Shape>> with_channels(const std::vector<Shape>& shapes, size_t vectors) {
  std::vector<std::vector<Shape>> all;
  for (const Shape& shape : shapes) {
    all.push_back({shape});
    all.back().insert(all.back().end(), vectors, Shape({shape[-1]}));
  }
  return all;
}

// Channels that are whole vec4s or not, that repeat after 1, 3, 5 and 33 vec4s, one row, and
// enough rows for several partial sums.
const std::vector<Shape> kNormShapes = {
    {2, 1},   {7, 3},    {2, 3, 5, 4},  {5, 6},     {3, 2, 2, 8}, {1, 12},
    {97, 1},  {33, 10},  {2, 7, 11, 5}, {64, 4},    {65, 4},      {1031, 3},
    {517, 2}, {263, 12}, {35, 33},      {601, 132}, {5, 1028}};

OP_TEST(batch_norm) {
  return {
      .shapes = with_channels(kNormShapes, 2),
      .run = [](const Tensors& in) { return ops::batch_norm(in[0], in[1], in[2], kEpsilon).y; },
      .reference = [](const Arrays& in) { return batch_norm_reference(in, Activation::kNone); },
      .tolerance = {1e-5, 1e-5},
      .gradient_tolerance = {1e-4, 1e-4},
  };
}

// Inputs for which finite differences do not cross a kink.
OpTest activated_test(Activation activation) {
  return {
      .shapes = with_channels({{7, 3}, {2, 3, 5, 4}, {41, 6}, {67, 8}}, 2),
      .run =
          [=](const Tensors& in) {
            return ops::batch_norm(in[0], in[1], in[2], kEpsilon, activation, kLeak).y;
          },
      .reference = [=](const Arrays& in) { return batch_norm_reference(in, activation); },
      .inputs = each({distinct(), between(0.5, 1), listed({0.013})}),
      .tolerance = {1e-5, 1e-5},
      .gradient_tolerance = {1e-4, 1e-4},
  };
}

ACTIVATION_TESTS(batch_norm_with, activated_test);

OpTest inference_test(Activation activation) {
  return {
      .shapes = with_channels({{2, 1}, {7, 3}, {2, 3, 5, 4}, {5, 6}, {257, 5}}, 4),
      .run =
          [=](const Tensors& in) {
            return ops::batch_norm_inference(in[0], in[1], in[2], in[3], in[4], kEpsilon,
                                             activation, kLeak);
          },
      .reference = [=](const Arrays& in) { return normalized(in, activation); },
      .inputs =
          each({between(-2, 2), between(-2, 2), between(-2, 2), between(-1, 1), between(0.2, 2)}),
      .check = check_of(activation),
      .tolerance = {1e-5, 1e-5},
      .gradient_tolerance = {1e-4, 1e-4},
      .second_tolerance = {1e-3, 1e-3},
  };
}

ACTIVATION_TESTS(batch_norm_inference_with, inference_test);

DEVICE_TEST(BatchNorm, KeepsItsDigitsFarFromZero) {
  Graph graph(device.limits());
  const Array values = build({10007, 6}, [](const Position& p) {
    return 1000.0 * (p[1] + 1) + 0.25 * (p[0] * 7919 % 10007 % 17);
  });
  Tensor ones = ops::constant(graph, {6}, 1);
  ops::BatchNorm batch = ops::batch_norm(upload(device, graph, values), ones, ones);
  Step step(device, graph, "moments", {batch.mean, batch.variance});
  step.run();
  expect_close(step.read_floats(batch.mean), reduce(values, {0}, false, average).values, {1e-7, 0},
               "mean");
  expect_close(step.read_floats(batch.variance),
               reduce(values, {0}, false, mean_square_deviation).values, {1e-5, 0}, "variance");
}

DEVICE_TEST(BatchNorm, IsFiniteWhereAllElementsAreEqual) {
  Graph graph(device.limits());
  Tensor x = ops::constant(graph, {33, 3}, 12345.678f);
  Tensor scale = ops::constant(graph, {3}, 2);
  Tensor shift = ops::constant(graph, {3}, 0.5f);
  ops::BatchNorm batch = ops::batch_norm(x, scale, shift);
  Tensor gradient = ops::gradients(ops::sum(ops::square(batch.y)), {x})[0];
  Step step(device, graph, "equal", {batch.y, batch.variance, gradient});
  step.run();
  expect_close(step.read_floats(batch.y), std::vector<double>(99, 0.5), {}, "y");
  expect_close(step.read_floats(batch.variance), {0, 0, 0}, {}, "variance");
  expect_close(step.read_floats(gradient), std::vector<double>(99, 0), {0, 1e-3}, "gradient");
}

DEVICE_TEST(BatchNorm, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::batch_norm(make({5, 3}), make({3}), make({4}));
            }),
            "batch_norm: expects [3] numbers per channel of x[5, 3], got [4]");
  EXPECT_EQ(error_of([&] { ops::batch_norm(make({}), make({1}), make({1})); }),
            "batch_norm: expects x[…, C], got []");
}

DEVICE_TEST(BatchNorm, SaysThatItHasNoSecondGradient) {
  Graph graph(device.limits());
  Tensor x = ops::constant(graph, {5, 3}, 1);
  Tensor ones = ops::constant(graph, {3}, 1);
  Tensor y = ops::batch_norm(x, ones, ones).y;
  Tensor gradient = ops::gradients(ops::sum(y), {x})[0];
  const std::string error = error_of([&] { ops::gradients(ops::sum(ops::square(gradient)), {x}); });
  EXPECT_EQ(error, "backward: gradient of batch_norm/batch_norm_gradient has no gradient");
}

}  // namespace
}  // namespace pumice::test
