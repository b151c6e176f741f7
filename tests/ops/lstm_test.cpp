#include <gtest/gtest.h>

#include <cmath>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// inputs: x[B, T, I], weight[4H, I], recurrent[4H, H], bias[4H].
Array lstm(const Arrays& in) {
  const uint32_t batch = in[0].shape[0], steps = in[0].shape[1], inputs = in[0].shape[2];
  const uint32_t hidden = in[2].shape[1];
  Array y{{batch, steps, hidden}, {}};
  for (uint32_t b = 0; b < batch; ++b) {
    std::vector<double> h(hidden, 0.0), c(hidden, 0.0);
    for (uint32_t t = 0; t < steps; ++t) {
      auto gate = [&](uint32_t which, uint32_t unit) {
        const uint32_t row = which * hidden + unit;
        double sum = in[3].values[row];
        for (uint32_t k = 0; k < inputs; ++k) {
          sum += in[1].values[row * inputs + k] * in[0].values[(b * steps + t) * inputs + k];
        }
        for (uint32_t k = 0; k < hidden; ++k) sum += in[2].values[row * hidden + k] * h[k];
        return sum;
      };
      std::vector<double> next(hidden);
      for (uint32_t unit = 0; unit < hidden; ++unit) {
        c[unit] =
            logistic(gate(1, unit)) * c[unit] + logistic(gate(0, unit)) * std::tanh(gate(2, unit));
        next[unit] = logistic(gate(3, unit)) * std::tanh(c[unit]);
      }
      h = next;
      y.values.insert(y.values.end(), h.begin(), h.end());
    }
  }
  return y;
}

std::vector<Shape> shapes(uint32_t batch, uint32_t steps, uint32_t inputs, uint32_t hidden) {
  return {{batch, steps, inputs}, {4 * hidden, inputs}, {4 * hidden, hidden}, {4 * hidden}};
}

OP_TEST(lstm) {
  return {
      .shapes = {shapes(1, 1, 1, 1), shapes(1, 1, 3, 4), shapes(3, 1, 2, 3), shapes(1, 2, 5, 7),
                 shapes(3, 2, 4, 4), shapes(3, 5, 3, 3), shapes(2, 5, 4, 7), shapes(5, 4, 8, 8),
                 shapes(33, 3, 4, 12)},
      .run = [](const Tensors& in) { return ops::lstm(in[0], in[1], in[2], in[3]); },
      .reference = lstm,
      .inputs = between(-1, 1),
      .tolerance = {1e-5, 2e-6},
      .gradient_tolerance = {1e-4, 1e-4},
      .nan_inputs = {0},  // weights: the first step leaves products with zeros out
  };
}

OP_TEST(lstm_last_state) {
  return {
      .shapes = {shapes(3, 4, 2, 5)},
      .run =
          [](const Tensors& in) {
            return ops::slice(ops::lstm(in[0], in[1], in[2], in[3]), 1, 3, 1);
          },
      .reference =
          [](const Arrays& in) {
            const Array y = lstm(in);
            return build({3, 1, 5}, [&](const Position& p) { return y.at({p[0], 3, p[2]}); });
          },
      .inputs = between(-1, 1),
      .tolerance = {1e-5, 2e-6},
      .gradient_tolerance = {1e-4, 1e-4},
  };
}

// Two dispatches per step in each direction: the projection, the cells and all but the first step's
// products; nothing else runs for a sequence.
DEVICE_TEST(Lstm, TakesTwoDispatchesForEachStep) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 0.5f); };
  Tensor x = make({2, 6, 4});
  Tensor y = ops::lstm(x, make({16, 4}), make({16, 4}), make({16}));
  Step step(device, graph, "lstm", {y});
  constexpr size_t kConstants = 4;
  EXPECT_EQ(step.dispatch_count(), kConstants + 1 + 6 + 5);
}

DEVICE_TEST(Lstm, SaturatesWithoutNan) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape, float value) { return ops::constant(graph, shape, value); };
  Tensor x = make({1, 3, 4}, 100);
  Tensor weight = make({16, 4}, 100);
  Tensor y = ops::lstm(x, weight, make({16, 4}, -100), make({16}, 0));
  Tensor gradient = ops::gradients(ops::sum(y), {weight})[0];
  Step step(device, graph, "lstm", {y, gradient});
  step.run();
  for (float value : step.read_floats(y)) EXPECT_TRUE(std::isfinite(value));
  for (float value : step.read_floats(gradient)) EXPECT_TRUE(std::isfinite(value));
}

DEVICE_TEST(Lstm, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::lstm(make({5, 3}), make({8, 3}), make({8, 2}), make({8}));
            }),
            "lstm: expects x[B, T, I], got [5, 3]");
  EXPECT_EQ(error_of([&] {
              ops::lstm(make({5, 2, 3}), make({8, 4}), make({8, 2}), make({8}));
            }),
            "lstm: expects input weights [8, 3], got [8, 4]");
  EXPECT_EQ(error_of([&] {
              ops::lstm(make({5, 2, 3}), make({8, 3}), make({8, 3}), make({8}));
            }),
            "lstm: expects recurrent weights [4H, H], got [8, 3]");
  EXPECT_EQ(error_of([&] {
              ops::lstm(make({5, 2, 3}), make({8, 3}), make({8, 2}), make({2}));
            }),
            "lstm: expects a bias [8], got [2]");
}

DEVICE_TEST(Lstm, SaysThatItHasNoSecondGradient) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  Tensor x = make({1, 2, 4});
  Tensor y = ops::lstm(x, make({16, 4}), make({16, 4}), make({16}));
  Tensor gradient = ops::gradients(ops::sum(y), {x})[0];
  const std::string error = error_of([&] { ops::gradients(ops::sum(gradient), {x}); });
  EXPECT_NE(error.find("lstm_cell_gradient has no gradient"), std::string::npos) << error;
}

}  // namespace
}  // namespace pumice::test
