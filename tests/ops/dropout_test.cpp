#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

hal::BufferPtr step_state_at(hal::Device& device, uint32_t step) {
  return upload(device, std::vector<uint32_t>{step, 3, 4, 0}, "step_state");
}

DEVICE_TEST(Dropout, KeepsAndScalesWhatTheGradientKeeps) {
  for (uint32_t size : {1u, 7u, 4099u}) {
    Graph graph(device.limits());
    Tensor step_state = graph.external(step_state_at(device, 0), {4}, DType::kU32);
    Tensor x = ops::constant(graph, {size}, 3);
    Tensor y = ops::dropout(x, step_state, 0.25f);
    Tensor gradient = ops::gradients(ops::sum(ops::square(y)), {x})[0];  // 2·y·mask/0.75
    Tensor again = ops::gradients(ops::sum(gradient), {x})[0];           // 2·(mask/0.75)²
    Step step(device, graph, "dropout", {y, gradient, again});
    step.run();
    const std::vector<float> values = step.read_floats(y);
    std::vector<double> of_gradient, of_second;
    for (float value : values) {
      EXPECT_TRUE(value == 0 || value == 4) << value;
      of_gradient.push_back(value == 0 ? 0 : 2 * 4 / 0.75);
      of_second.push_back(value == 0 ? 0 : 2 / 0.75 / 0.75);
    }
    expect_close(step.read_floats(gradient), of_gradient, {}, "gradient");
    expect_close(step.read_floats(again), of_second, {}, "second gradient");
  }
}

DEVICE_TEST(Dropout, DropsAtItsRateAnewAtEachStep) {
  constexpr uint32_t kCount = 40000;
  Graph graph(device.limits());
  hal::BufferPtr memory = step_state_at(device, 0);
  Tensor step_state = graph.external(memory, {4}, DType::kU32);
  Tensor x = ops::constant(graph, {kCount}, 1);
  Tensor first = ops::dropout(x, step_state, 0.3f);
  Tensor second = ops::dropout(x, step_state, 0.3f);
  Step step(device, graph, "dropout", {first, second});
  step.run();
  const std::vector<float> values = step.read_floats(first);
  const auto dropped = static_cast<double>(std::count(values.begin(), values.end(), 0.0f));
  EXPECT_NEAR(dropped / kCount, 0.3, 4 * std::sqrt(0.3 * 0.7 / kCount));
  EXPECT_NE(step.read_floats(second), values);
  upload(device, memory, std::vector<uint32_t>{1, 3, 4, 0});
  step.run();
  EXPECT_NE(step.read_floats(first), values);
}

// Parts of 49, 50 and 51 elements begin at every offset within a vec4.
DEVICE_TEST(Dropout, DoesNotDependOnHowATensorIsSplit) {
  std::vector<std::vector<float>> results;
  for (uint64_t bytes : {device.limits().max_binding_bytes, uint64_t{256}}) {
    hal::Limits limits = device.limits();
    limits.max_binding_bytes = bytes;
    Graph graph(limits);
    Tensor step_state = graph.external(step_state_at(device, 5), {4}, DType::kU32);
    Tensors parts;
    for (uint32_t size : {49u, 49u, 49u, 50u, 51u}) {
      parts.push_back(ops::constant(graph, {size}, 3));
    }
    Tensor x = ops::concat(parts, 0);
    Tensor y = ops::dropout(x, step_state, 0.4f);
    Tensor gradient = ops::gradients(ops::sum(y), {x})[0];
    Step step(device, graph, "dropout", {y, gradient});
    step.run();
    for (const Tensor& tensor : {y, gradient}) results.push_back(step.read_floats(tensor));
  }
  EXPECT_EQ(results[2], results[0]);
  EXPECT_EQ(results[3], results[1]);
}

DEVICE_TEST(Dropout, OfRateZeroIsTheTensorItself) {
  Graph graph(device.limits());
  Tensor step_state = graph.external(step_state_at(device, 0), {4}, DType::kU32);
  Tensor x = ops::constant(graph, {5}, 1);
  EXPECT_EQ(ops::dropout(x, step_state, 0), x);
  EXPECT_EQ(error_of([&] { ops::dropout(x, step_state, 1); }),
            "dropout: expects a rate of at least 0 and below 1, got 1");
  EXPECT_EQ(error_of([&] { ops::dropout(x, x, 0.5f); }),
            "dropout: expects a step state u32[4], got f32 [5]");
}

}  // namespace
}  // namespace pumice::test
