#include "engine/graph/step.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

Tensor part(Graph& graph, const hal::BufferPtr& buffer, uint32_t count, uint64_t byte_offset) {
  return graph.external(buffer, {count}, DType::kF32, byte_offset);
}

DEVICE_TEST(Step, ContinuesFromTheMemoryOfTheLastRun) {
  hal::BufferPtr memory = upload(device, std::vector<float>{1, 2, 3, 4}, "memory");
  Graph graph(device.limits());
  Tensor x = part(graph, memory, 4, 0);
  ops::store(ops::affine(x, 2, 0), x);
  Step step(device, graph, "double");
  for (int i = 0; i < 3; ++i) step.run();
  EXPECT_EQ(step.read_floats(x), std::vector<float>({8, 16, 24, 32}));
}

DEVICE_TEST(Step, StoresAfterEarlierReadersOfTheTarget) {
  Graph graph(device.limits());
  Tensor x = upload(device, graph, array({3}, {1, 2, 3}));
  Tensor target = upload(device, graph, array({3}, {10, 20, 30}));
  Tensor value = ops::affine(x, 2, 0);
  Tensor old = ops::affine(target, 1, 0.5f);
  ops::store(value, target);
  Tensor now = ops::affine(target, 1, 0.25f);
  Step step(device, graph, "store", {old, now});
  step.run();
  EXPECT_EQ(step.read_floats(old), std::vector<float>({10.5f, 20.5f, 30.5f}));
  EXPECT_EQ(step.read_floats(now), std::vector<float>({2.25f, 4.25f, 6.25f}));
  EXPECT_EQ(step.read_floats(target), std::vector<float>({2, 4, 6}));
}

DEVICE_TEST(Step, StoresPartsOfOneBuffer) {
  hal::BufferPtr flat = device.allocate(1024, "flat");
  Graph graph(device.limits());
  Tensor a = upload(device, graph, array({5}, {1, 2, 3, 4, 5}));
  Tensor b = upload(device, graph, array({5}, {5, 4, 3, 2, 1}));
  Tensors gradients = ops::gradients(ops::sum(ops::add(ops::affine(a, 3, 0), b)), {a, b});
  Tensor first = part(graph, flat, 5, 0), second = part(graph, flat, 5, 256);
  Tensor third = part(graph, flat, 5, 512), fourth = part(graph, flat, 5, 768);
  ops::store(gradients[0], first);
  ops::store(gradients[1], second);
  ops::store(gradients[1], third);
  ops::store(ops::affine(third, 7, 0), fourth);
  Step step(device, graph, "gradients");
  step.run();
  EXPECT_EQ(step.read_floats(first), std::vector<float>(5, 3));
  EXPECT_EQ(step.read_floats(second), std::vector<float>(5, 1));
  EXPECT_EQ(step.read_floats(third), std::vector<float>(5, 1));
  EXPECT_EQ(step.read_floats(fourth), std::vector<float>(5, 7));
}

DEVICE_TEST(Step, OutlivesItsGraph) {
  auto graph = std::make_unique<Graph>(device.limits());
  Tensor x = upload(device, *graph, array({3}, {1, 2, 3}));
  hal::BufferPtr target = device.allocate(16, "target");
  ops::store(ops::affine(x, 2, 0), part(*graph, target, 3, 0));
  Step step(device, *graph, "short");
  graph.reset();
  step.run();
  EXPECT_EQ(download<float>(device, target, 3), std::vector<float>({2, 4, 6}));
}

DEVICE_TEST(Step, RefusesToReadTensorsThatAreNotOutputs) {
  Graph graph(device.limits());
  Tensor x = ops::constant(graph, {3}, 1), y = ops::exp(x), dead = ops::exp(y);
  Step step(device, graph, "plan", {y});
  EXPECT_EQ(error_of([&] { step.read(dead); }), "plan: a tensor of shape [3] is not an output");
}

// The value of `x` is gone when the run ends, because its memory was reused.
DEVICE_TEST(Step, RefusesToReadOverwrittenTensors) {
  Graph graph(device.limits());
  Tensor x = ops::constant(graph, {3}, 1), y = x;
  for (int i = 0; i < 4; ++i) y = ops::affine(y, 2, 1);
  Step step(device, graph, "plan", {y});
  step.run();
  EXPECT_EQ(step.read_floats(y), std::vector<float>(3, 31));
  EXPECT_EQ(error_of([&] { step.read(x); }), "plan: a tensor of shape [3] is not an output");
  EXPECT_EQ(error_of([&] { step.read_floats(x); }), "plan: a tensor of shape [3] is not an output");
  Step all(device, graph, "plan", {y}, Sharing::kNone);
  all.run();
  EXPECT_EQ(all.read_floats(x), std::vector<float>(3, 1));
}

DEVICE_TEST(Step, ReadsOnlyTheRangeOfATensor) {
  std::vector<float> values(128);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  hal::BufferPtr memory = upload(device, values, "memory");
  Graph graph(device.limits());
  Tensor range = part(graph, memory, 6, 256);
  Step step(device, graph, "read", {ops::affine(range, 2, 0)});
  const std::vector<float> padded = {64, 65, 66, 67, 68, 69, 70, 71};
  EXPECT_EQ(values_of<float>(step.read(range)->take()), padded);
  EXPECT_EQ(values_of<float>(step.read(graph.view(range, {2, 3}))->take()), padded);
}

/// A small network whose middle overflows if `x` is large.
struct Net {
  Net(hal::Device& device, std::vector<double> values) : graph(device.limits()) {
    Tensor x = upload(device, graph, array({2, 2}, std::move(values)));
    Tensor before = ops::affine(x, 2, 0);
    Scope scope(graph, "decoder");
    output = ops::sum(ops::multiply(ops::exp(before), before));
  }
  Graph graph;
  Tensor output;
};

DEVICE_TEST(Step, NamesTheFirstBadTensor) {
  Net net(device, {1, 2, 300, 400});
  Step step(device, net.graph, "net", {net.output}, Sharing::kNone);
  step.run();
  std::optional<BadTensor> bad = first_bad_tensor(step, net.graph);
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->label, "decoder/unary");
  EXPECT_EQ(bad->shape, Shape({2, 2}));
  EXPECT_EQ(bad->index, 2u);
  EXPECT_TRUE(std::isinf(bad->value));
}

DEVICE_TEST(Step, FindsNan) {
  Net net(device, {1, 2, 3, std::nan("")});
  Step step(device, net.graph, "net", {net.output}, Sharing::kNone);
  step.run();
  std::optional<BadTensor> bad = first_bad_tensor(step, net.graph);
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->label, "unary");
  EXPECT_EQ(bad->index, 3u);
  EXPECT_TRUE(std::isnan(bad->value));
}

DEVICE_TEST(Step, FindsInfinitiesInExternalMemory) {
  Graph graph(device.limits());
  hal::BufferPtr flat = device.allocate(512, "flat");
  Tensor x = upload(device, graph, array({2}, {1, 200}));
  ops::store(ops::exp(x), part(graph, flat, 2, 256));
  Step step(device, graph, "net", {}, Sharing::kNone);
  step.run();
  std::optional<BadTensor> bad = first_bad_tensor(step, graph);
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->index, 1u);
  EXPECT_TRUE(std::isinf(bad->value));
}

DEVICE_TEST(Step, FindsNothingIfAllIsFinite) {
  Net net(device, {1, 2, 3, 4});
  Step step(device, net.graph, "net", {net.output}, Sharing::kNone);
  step.run();
  EXPECT_FALSE(first_bad_tensor(step, net.graph).has_value());
}

}  // namespace
}  // namespace pumice::test
