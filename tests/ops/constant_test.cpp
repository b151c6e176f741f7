#include "engine/ops/constant.h"

#include <gtest/gtest.h>

#include "engine/graph/step.h"
#include "engine/hal/pack.h"
#include "engine/ops/ops.h"
#include "kernels/fill.h"
#include "tests/support/devices.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

DEVICE_TEST(Constant, StaysOneInGradientRules) {
  Graph graph(device.limits());
  const Tensor x = ops::repeated(ops::scaled(ops::constant(graph, {}, 3), -0.5f), {2, 5});
  Step step(device, graph, "plan", {x});
  EXPECT_EQ(step.dispatch_count(), 1u);
  step.run();
  EXPECT_EQ(step.read_floats(x), std::vector<float>(10, -1.5f));
}

DEVICE_TEST(Constant, IsTheGradientOfAMean) {
  Graph graph(device.limits());
  const Tensor x = upload(device, graph, array({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}));
  const Tensor gradient = ops::gradients(ops::mean(x), {x})[0];
  Step step(device, graph, "plan", {gradient});
  EXPECT_EQ(step.dispatch_count(), 1u);
  step.run();
  EXPECT_EQ(step.read_floats(gradient), std::vector<float>(8, 0.125f));
}

DEVICE_TEST(Constant, HasGradients) {
  Graph graph(device.limits());
  const Tensor x = ops::constant(graph, {1, 3}, 4);
  const Tensor y = ops::sum(ops::broadcast_to(ops::affine(x, 2, 0), {5, 3}));
  const Tensor gradient = ops::gradients(y, {x})[0];
  Step step(device, graph, "plan", {gradient});
  step.run();
  EXPECT_EQ(step.read_floats(gradient), std::vector<float>(3, 10));
}

DEVICE_TEST(Constant, IsNoneAfterAnUpdate) {
  Graph graph(device.limits());
  const Tensor x = ops::constant(graph, {4}, 3);
  EXPECT_EQ(ops::constant_value(x), 3);
  EXPECT_EQ(ops::constant_value(ops::reshape(x, {2, 2})), 3);
  graph.add({.kernel = &kernels::fill,
             .updates = {x},
             .params = pack(kernels::FillParams{.count = 4, .value = 7})});
  EXPECT_EQ(ops::constant_value(x), std::nullopt);
  EXPECT_EQ(ops::constant_value(ops::exp(ops::constant(graph, {4}, 3))), std::nullopt);
}

}  // namespace
}  // namespace pumice::test
