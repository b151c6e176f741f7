#include <gtest/gtest.h>

#include <cmath>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

// Equal shapes, with vec4 tails and sizes around a workgroup's; then every way to broadcast.
const std::vector<std::vector<Shape>> kPairs = {
    {{}, {}},
    {{1}, {1}},
    {{255}, {255}},
    {{257}, {257}},
    {{1025}, {1025}},
    {{7, 11, 13}, {7, 11, 13}},
    {{3, 1, 5}, {1, 4, 1}},
    {{}, {5}},
    {{257}, {}},
    {{1}, {3, 1}},
    {{4, 5}, {5}},
    {{4, 5}, {4, 1}},
    {{1, 5}, {4, 5}},
    {{2, 3, 4}, {3, 1}},
    {{2, 1, 3, 1}, {1, 5, 1, 7}},
    {{2, 3, 4, 5}, {3, 1, 5}},
    {{13, 1}, {1, 17}},
    {{1, 1}, {1}},
    {{3, 8}, {8}},
    {{1, 4}, {5, 3, 4}},
    {{7, 3, 4}, {1, 3, 4}},
    {{2, 1, 4}, {2, 3, 4}},
    {{4}, {1, 4}},
    {{3, 8}, {3, 1}},
    {{3, 1, 8}, {1, 4, 1}},
    {{2, 1, 12}, {2, 3, 1}},
    {{2, 5, 3, 1}, {2, 1, 3, 4}},
};

OP_TEST(add) {
  return {
      .shapes = kPairs,
      .run = [](const Tensors& in) { return ops::add(in[0], in[1]); },
      .reference = [](const Arrays& in) { return combine(in[0], in[1], std::plus<>()); },
  };
}

OP_TEST(subtract) {
  return {
      .shapes = kPairs,
      .run = [](const Tensors& in) { return ops::subtract(in[0], in[1]); },
      .reference = [](const Arrays& in) { return combine(in[0], in[1], std::minus<>()); },
  };
}

OP_TEST(multiply) {
  return {
      .shapes = kPairs,
      .run = [](const Tensors& in) { return ops::multiply(in[0], in[1]); },
      .reference = [](const Arrays& in) { return combine(in[0], in[1], std::multiplies<>()); },
      .check = Check::kSecondGradient,
  };
}

OP_TEST(divide) {
  return {
      .shapes = kPairs,
      .run = [](const Tensors& in) { return ops::divide(in[0], in[1]); },
      .reference = [](const Arrays& in) { return combine(in[0], in[1], std::divides<>()); },
      .inputs = outside(0.5, 2),
      .check = Check::kSecondGradient,
  };
}

OP_TEST(maximum) {
  return {
      .shapes = kPairs,
      .run = [](const Tensors& in) { return ops::maximum(in[0], in[1]); },
      .reference = [](const Arrays& in) { return combine(in[0], in[1], larger); },
  };
}

OP_TEST(minimum) {
  return {
      .shapes = kPairs,
      .run = [](const Tensors& in) { return ops::minimum(in[0], in[1]); },
      .reference = [](const Arrays& in) { return combine(in[0], in[1], smaller); },
  };
}

OP_TEST(equal) {
  return {
      .shapes = {{{5}, {5}}, {{7, 3}, {3}}, {{1}, {257}}},
      .run = [](const Tensors& in) { return ops::equal(in[0], in[1]); },
      .reference =
          [](const Arrays& in) {
            return combine(in[0], in[1], [](double a, double b) { return a == b ? 1 : 0; });
          },
      .inputs = each({listed({1, 2, 3}), listed({1, 3})}),
      .check = Check::kForward,
  };
}

OP_TEST(greater) {
  return {
      .shapes = {{{5}, {5}}, {{7, 3}, {3}}, {{1}, {257}}},
      .run = [](const Tensors& in) { return ops::greater(in[0], in[1]); },
      .reference =
          [](const Arrays& in) {
            return combine(in[0], in[1], [](double a, double b) { return a > b ? 1 : 0; });
          },
      .inputs = each({listed({1, 2, 3}), listed({1, 3})}),
      .check = Check::kForward,
  };
}

OP_TEST(broadcast_to) {
  return {
      .shapes = {{{}}, {{1}}, {{3, 1, 5}}, {{4, 1}}, {{3, 4, 5}}, {{2, 3, 1, 5}}, {{1, 1, 4, 5}}},
      .run =
          [](const Tensors& in) {
            return ops::broadcast_to(in[0], broadcast(in[0].shape(), {2, 3, 4, 5}));
          },
      .reference =
          [](const Arrays& in) {
            Array zeros{{2, 3, 4, 5}, std::vector<double>(120, 0)};
            return combine(in[0], zeros, std::plus<>());
          },
      .check = Check::kSecondGradient,
  };
}

OP_TEST(sum_to) {
  return {
      .shapes = {{{4}}, {{3, 4}}, {{2, 3, 4}}, {{3, 1, 4}}},
      .run =
          [](const Tensors& in) {
            return ops::sum_to(in[0], {1, 4});
          },
      .reference =
          [](const Arrays& in) {
            std::vector<int> axes;
            for (int axis = 0; axis + 1 < static_cast<int>(in[0].shape.rank()); ++axis) {
              axes.push_back(axis);
            }
            return array({1, 4}, reduce(in[0], axes, false, sum_of).values);
          },
  };
}

// The same tensor as both operands, and as one operand with another tensor.
OP_TEST(multiply_with_itself) {
  return {
      .shapes = {{{257}}},
      .run = [](const Tensors& in) { return ops::multiply(in[0], ops::multiply(in[0], in[0])); },
      .reference = [](const Arrays& in) { return map(in[0], [](double x) { return x * x * x; }); },
      .check = Check::kSecondGradient,
  };
}

DEVICE_TEST(Binary, GivesTheGradientOfTiesToTheFirst) {
  Graph graph(device.limits());
  Tensor a = upload(device, graph, array({3}, {1, 2, 3}));
  Tensor b = upload(device, graph, array({3}, {1, 3, 2}));
  Tensors outputs = ops::gradients(ops::sum(ops::maximum(a, b)), {a, b});
  Tensors of_minimum = ops::gradients(ops::sum(ops::minimum(a, b)), {a, b});
  outputs.insert(outputs.end(), of_minimum.begin(), of_minimum.end());
  Step step(device, graph, "ties", outputs);
  step.run();
  EXPECT_EQ(step.read_floats(outputs[0]), std::vector<float>({1, 0, 1}));
  EXPECT_EQ(step.read_floats(outputs[1]), std::vector<float>({0, 1, 0}));
  EXPECT_EQ(step.read_floats(outputs[2]), std::vector<float>({1, 1, 0}));
  EXPECT_EQ(step.read_floats(outputs[3]), std::vector<float>({0, 0, 1}));
}

DEVICE_TEST(Binary, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::add(make({2, 3}), make({2}));
            }),
            "broadcast: shapes [2, 3] and [2] are incompatible");
  EXPECT_EQ(error_of([&] {
              ops::add(make({2, 1, 2, 1, 2}), make({1, 2, 1, 2, 1}));
            }),
            "broadcast: shapes [2, 1, 2, 1, 2] and [1, 2, 1, 2, 1] alternate over more than four "
            "axes");
  EXPECT_EQ(error_of([&] {
              ops::broadcast_to(make({3}), {3, 2});
            }),
            "broadcast: shapes [3] and [3, 2] are incompatible");
  EXPECT_EQ(error_of([&] {
              ops::broadcast_to(make({3, 2}), {2});
            }),
            "broadcast_to: [3, 2] does not broadcast to [2]");
  EXPECT_EQ(error_of([&] { ops::add(graph.tensor({2}, DType::kU32), make({2})); }),
            "add: expects f32, got u32");
}

}  // namespace
}  // namespace pumice::test
