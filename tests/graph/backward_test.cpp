#include "engine/graph/backward.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

std::vector<std::vector<float>> run(hal::Device& device, Graph& graph, const Tensors& outputs) {
  Step step(device, graph, "backward", outputs);
  step.run();
  std::vector<std::vector<float>> values;
  for (const Tensor& output : outputs) values.push_back(step.read_floats(output));
  return values;
}

DEVICE_TEST(Backward, AddsTheGradientsOfAllUses) {
  Graph graph(device.limits());
  Tensor x = upload(device, graph, array({3}, {1, 2, 3}));
  Tensor twice = ops::affine(x, 2, 0);
  Tensor loss = ops::sum(ops::add(ops::multiply(x, twice), ops::add(x, ops::add(x, twice))));
  // x·2x + 2x + 2x
  EXPECT_EQ(run(device, graph, ops::gradients(loss, {x}))[0], std::vector<float>({8, 12, 16}));
}

DEVICE_TEST(Backward, GivesZerosForTensorsThatDoNotAffectTheLoss) {
  Graph graph(device.limits());
  Tensor x = upload(device, graph, array({3}, {1, 2, 3}));
  Tensor unused = upload(device, graph, array({2, 2}, {1, 2, 3, 4}));
  Tensor also_unused = ops::exp(x);
  auto values = run(device, graph, ops::gradients(ops::sum(x), {x, unused, also_unused}));
  EXPECT_EQ(values[0], std::vector<float>(3, 1));
  EXPECT_EQ(values[1], std::vector<float>(4, 0));
  EXPECT_EQ(values[2], std::vector<float>(3, 0));
}

DEVICE_TEST(Backward, DifferentiatesForActivationsAndForTheLossItself) {
  Graph graph(device.limits());
  Tensor x = upload(device, graph, array({2}, {1, 2}));
  Tensor y = ops::affine(x, 3, 0);
  Tensor loss = ops::sum(ops::multiply(y, y));
  auto values = run(device, graph, ops::gradients(loss, {x, y, loss}));
  EXPECT_EQ(values[0], std::vector<float>({18, 36}));
  EXPECT_EQ(values[1], std::vector<float>({6, 12}));
  EXPECT_EQ(values[2], std::vector<float>({1}));
}

DEVICE_TEST_WITH_NULL(Backward, SkipsGradientsThatNobodyAskedFor) {
  Graph graph(device.limits());
  Tensor x = ops::constant(graph, {2}, 1), w = ops::constant(graph, {2}, 1);
  Tensor loss = ops::sum(ops::multiply(ops::tanh(ops::exp(x)), w));
  ops::gradients(loss, {w});
  auto is_of_tanh = [](const Node& node) {
    return node.label.find("activate_gradient") != std::string::npos;
  };
  EXPECT_TRUE(std::none_of(graph.nodes().begin(), graph.nodes().end(), is_of_tanh));
}

DEVICE_TEST_WITH_NULL(Backward, NamesTheNodeThatItDifferentiates) {
  Graph graph(device.limits());
  Tensor x = ops::constant(graph, {2}, 1);
  Tensor loss;
  {
    Scope scope(graph, "encoder");
    loss = ops::sum(ops::tanh(x));
  }
  ops::gradients(loss, {x});
  EXPECT_EQ(graph.nodes().back().label, "gradient of encoder/activate/activate_gradient");
}

DEVICE_TEST_WITH_NULL(Backward, RefusesWhatHasNoGradient) {
  Graph graph(device.limits());
  Tensor x = ops::constant(graph, {2, 3}, 1), t = ops::constant(graph, {2, 3}, 1);
  EXPECT_EQ(error_of([&] { ops::gradients(x, {x}); }), "gradients: expects a scalar, got [2, 3]");
  Tensor first = ops::gradients(ops::sum(ops::bce(x, t)), {x})[0];
  EXPECT_EQ(error_of([&] { ops::gradients(ops::sum(first), {x}); }),
            "backward: gradient of view/pointwise_loss_gradient has no gradient");
}

DEVICE_TEST_WITH_NULL(Backward, ChecksTheRulesOfNodes) {
  auto differentiate = [&](const Gradient& rule) {
    Graph graph(device.limits());
    Tensor x = ops::constant(graph, {2}, 1);
    Tensor y = graph.view(x, {2});
    graph.add({.inputs = {x}, .outputs = {y}, .gradient = rule});
    ops::gradients(ops::sum(y), {x});
  };
  EXPECT_EQ(error_of([&] {
              differentiate([](const Tensors& dy) { return Tensors{dy[0], dy[0]}; });
            }),
            "backward: view returned 2 gradients, expected 1");
  EXPECT_EQ(error_of([&] {
              differentiate([](const Tensors& dy) { return Tensors{ops::reshape(dy[0], {1, 2})}; });
            }),
            "backward: a gradient of shape [1, 2] for a tensor of [2]");
}

}  // namespace
}  // namespace pumice::test
