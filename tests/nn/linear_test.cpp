#include "engine/nn/linear.h"

#include <gtest/gtest.h>

#include "engine/graph/step.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::nn {
namespace {

constexpr uint32_t kIn = 33;    // rows of 132 bytes: 64 of them end where a binding may begin
constexpr uint32_t kOut = 130;  // two blocks of 64 rows and one of 2

/// Results of a layer with an activation under a limit to what is bound.
struct Run {
  std::vector<float> y;
  std::vector<float> dx;
  std::vector<float> dp;  ///< of all parameters, one after the other
  size_t blocks = 0;
};

test::Array input(const Shape& shape, int seed) {
  test::Array array{shape, {}};
  for (uint64_t i = 0; i < shape.size(); ++i) array.values.push_back(std::sin(double(i) + seed));
  return array;
}

Run run(hal::Device& device, uint64_t max_binding_bytes) {
  Parameters parameters;
  Linear layer(parameters, "layer", kIn, kOut, {.activation = ops::Activation::kTanh});
  parameters.allocate(device, "parameters");
  parameters.initialize(device, 3);
  hal::Limits limits = device.limits();
  limits.max_binding_bytes = max_binding_bytes;
  Graph graph(limits);
  Tensor x = test::upload(device, graph, input({5, kIn}, 1));
  Tensor y = layer(x);
  Tensor loss = ops::sum(ops::multiply(y, test::upload(device, graph, input({5, kOut}, 2))));
  Tensors wanted = parameters.trainable(graph);
  wanted.insert(wanted.begin(), x);
  Tensors results = ops::gradients(loss, wanted);
  results.insert(results.begin(), y);
  Step step(device, graph, "test", results);
  step.run();
  Run run{step.read_floats(y), step.read_floats(results[1]), {}, results.size() - 3};
  for (size_t i = 2; i < results.size(); ++i) {
    const std::vector<float> part = step.read_floats(results[i]);
    run.dp.insert(run.dp.end(), part.begin(), part.end());
  }
  return run;
}

void expect_equal(const std::vector<float>& got, const std::vector<float>& wanted,
                  std::string_view what) {
  test::expect_close(got, {wanted.begin(), wanted.end()}, {1e-5, 1e-6}, what);
}

DEVICE_TEST(Linear, takes_a_weight_larger_than_a_binding_in_blocks) {
  const Run whole = run(device, device.limits().max_binding_bytes);
  const Run split = run(device, 9000);
  EXPECT_EQ(whole.blocks, 1u);
  EXPECT_EQ(split.blocks, 3u);
  expect_equal(split.y, whole.y, "y");
  expect_equal(split.dx, whole.dx, "dx");
  expect_equal(split.dp, whole.dp, "dp");
}

DEVICE_TEST(Linear, says_when_even_few_rows_are_too_large) {
  EXPECT_EQ(test::error_of([&] { run(device, 8000); }),
            "parameters: 'layer.weight' [130, 33]: 64 rows take 8448 bytes, the device binds at "
            "most 8000");
}

}  // namespace
}  // namespace pumice::nn
