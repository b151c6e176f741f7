#include <gtest/gtest.h>

#include <cmath>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/finite_differences.h"
#include "tests/support/limits.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

double deviation(const std::vector<double>& values) {
  double mean = average(values), total = 0;
  for (double value : values) total += (value - mean) * (value - mean);
  return std::sqrt(total / static_cast<double>(values.size()) + 1e-2);
}

Array layer_norm(const Arrays& in) {
  auto minus = [](double a, double b) { return a - b; };
  auto over = [](double a, double b) { return a / b; };
  auto times = [](double a, double b) { return a * b; };
  auto plus = [](double a, double b) { return a + b; };
  Array centered = combine(in[0], reduce(in[0], {-1}, true, average), minus);
  Array unit = combine(centered, reduce(in[0], {-1}, true, deviation), over);
  return combine(combine(unit, in[1], times), in[2], plus);
}

OP_TEST(layer_norm) {
  return {
      .shapes = {{{1, 4}, {4}},
                 {{5, 8}, {8}},
                 {{3, 7}, {7}},
                 {{2, 3, 12}, {12}},
                 {{67, 20}, {20}},
                 {{4, 260}, {260}},
                 {{2, 1}, {1}},
                 {{8}, {8}}},
      .run = [](const Tensors& in) { return ops::layer_norm(in[0], in[1], in[1], 1e-2f); },
      .reference =
          [](const Arrays& in) {
            return layer_norm({in[0], in[1], in[1]});
          },
      .check = Check::kSecondGradient,
      .tolerance = {1e-5, 1e-5},
      .gradient_tolerance = {1e-4, 1e-4},
      .second_tolerance = {1e-3, 1e-3},
  };
}

// As in a critic's gradient penalty, where the gradient is itself differentiated.
OP_TEST(layer_norm_within_its_own_gradient) {
  return {
      .shapes = {{{3, 8}}, {{2, 5}}},
      .run =
          [](const Tensors& in) {
            const auto channels = static_cast<uint32_t>(in[0].shape()[1]);
            Tensor ones = ops::constant(in[0].graph(), {channels}, 1);
            Tensor y = ops::layer_norm(in[0], ones, ones, 1e-2f);
            Tensor gradient =
                ops::gradients(ops::mean(ops::multiply(y, ops::square(y))), {in[0]})[0];
            return ops::affine(gradient, 1, 0);
          },
      .reference =
          [](const Arrays& in) {
            // d/dx of mean(y³) by finite differences.
            const Array ones = build({in[0].shape[1]}, [](const Position&) { return 1; });
            auto loss = [&](const Array& x) {
              double total = 0;
              for (double v : layer_norm({x, ones, ones}).values) total += v * v * v;
              return total / static_cast<double>(x.values.size());
            };
            Array result = in[0];
            for (size_t i = 0; i < result.values.size(); ++i) {
              Array x = in[0];
              constexpr double kStep = 1e-4;
              x.values[i] += kStep;
              double high = loss(x);
              x.values[i] -= 2 * kStep;
              result.values[i] = (high - loss(x)) / (2 * kStep);
            }
            return result;
          },
      .check = Check::kGradient,
      .tolerance = {1e-4, 1e-4},
      .gradient_tolerance = {2e-3, 2e-3},
      .nan_inputs = {},  // finite differences spread it to all rows
  };
}

// GPUs divide a row among threads; those kernels must also run on devices that do not choose them.
DRIVER_TEST(LayerNorm, SharesRowsAmongTheThreadsOfGpus) {
  const hal::Limits limits = as_type(device.limits(), hal::DeviceType::kDiscreteGpu);
  for (const Shape& shape : {Shape{1, 4}, Shape{5, 256}, Shape{7, 260}, Shape{3, 1000}}) {
    SCOPED_TRACE(to_string(shape));
    const Array values = build(shape, [](const Position& p) { return std::sin(p[0] + 7 * p[1]); });
    const Array ones = build({shape[1]}, [](const Position&) { return 1; });
    const Array weights = build(shape, [](const Position& p) { return std::cos(3 * p[0] + p[1]); });
    Graph graph(limits);
    Tensor x = upload(device, graph, values);
    Tensor one = upload(device, graph, ones);
    Tensor y = ops::layer_norm(x, one, one, 1e-2f);
    Tensor w = upload(device, graph, weights);
    Tensor gradient = ops::gradients(ops::sum(ops::multiply(y, w)), {x})[0];
    Step step(device, graph, "layer norm", {y, gradient});
    step.run();
    expect_close(step.read_floats(y), layer_norm({values, ones, ones}).values, {1e-5, 1e-5}, "y");
    Differences differences(layer_norm, {values, ones, ones}, weights, {0});
    differences.check_gradient(0, step.read_floats(gradient), {1e-4, 1e-4});
  }
}

DEVICE_TEST(LayerNorm, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::layer_norm(make({5, 3}), make({3}), make({4}));
            }),
            "layer_norm: expects scale and shift [3] for x[5, 3], got [4]");
}

}  // namespace
}  // namespace pumice::test
