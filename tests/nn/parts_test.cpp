#include <gtest/gtest.h>

#include "engine/graph/step.h"
#include "engine/hal/null/null_device.h"
#include "engine/nn/network.h"
#include "tests/support/devices.h"
#include "tests/support/op_test.h"

/// Networks with tensors that are larger than one binding of the device.
namespace pumice::nn {
namespace {

/// What a step of training gives.
struct Result {
  std::vector<float> y;
  std::vector<float> dx;
  std::vector<float> dp;      ///< of all parameters, one after the other
  std::vector<float> memory;  ///< all parameters and statistics after the step
  size_t parts = 0;           ///< of the parameters
};

test::Array values(const Shape& shape, int seed) {
  test::Array array{shape, {}};
  for (uint64_t i = 0; i < shape.size(); ++i) array.values.push_back(std::sin(double(i) + seed));
  return array;
}

std::vector<float> all_of(hal::Device& device, const Parameters& parameters) {
  return to_floats(device.read(*parameters.buffer())->take(),
                   parameters.flat_bytes() / sizeof(float));
}

/// Of pictures or rows x under a limit to what is bound.
Result train(hal::Device& device, const Shape& x_shape, const std::vector<Layer>& layers,
             uint64_t max_binding_bytes) {
  Parameters parameters;
  const Shape one(std::vector<uint32_t>(x_shape.begin() + 1, x_shape.end()));
  Network network(parameters, "network", one, layers);
  parameters.allocate(device, "parameters");
  parameters.initialize(device, 3);
  hal::Limits limits = device.limits();
  limits.max_binding_bytes = max_binding_bytes;
  Graph graph(limits);
  Tensor x = test::upload(device, graph, values(x_shape, 1));
  Tensor y = network(x, {.training = true});
  Tensor loss = ops::sum(ops::multiply(y, test::upload(device, graph, values(y.shape(), 2))));
  Tensors wanted = parameters.trainable(graph);
  wanted.insert(wanted.begin(), x);
  Tensors results = ops::gradients(loss, wanted);
  results.insert(results.begin(), y);
  Step step(device, graph, "test", results);
  step.run();
  Result result{.y = step.read_floats(y), .dx = step.read_floats(results[1])};
  for (size_t i = 2; i < results.size(); ++i) {
    const std::vector<float> of_one = step.read_floats(results[i]);
    result.dp.insert(result.dp.end(), of_one.begin(), of_one.end());
    result.parts += graph.parts(wanted[i - 1]).size();
  }
  result.memory = all_of(device, parameters);
  return result;
}

void expect_equal(const std::vector<float>& got, const std::vector<float>& wanted,
                  std::string_view what) {
  test::expect_close(got, {wanted.begin(), wanted.end()}, {1e-4, 1e-5}, what);
}

/// Compares steps with and without parts. `parts`: of all parameters, under the limit.
void compare(hal::Device& device, const Shape& x, const std::vector<Layer>& layers,
             uint64_t max_binding_bytes, size_t parts) {
  const Result whole = train(device, x, layers, device.limits().max_binding_bytes);
  const Result split = train(device, x, layers, max_binding_bytes);
  EXPECT_EQ(split.parts, parts);
  expect_equal(split.y, whole.y, "y");
  expect_equal(split.dx, whole.dx, "dx");
  expect_equal(split.dp, whole.dp, "dp");
  expect_equal(split.memory, whole.memory, "memory");
}

Layer convolution(const std::string& type, uint32_t out, uint32_t stride) {
  return {.type = type, .out = out, .kernel = 3, .stride = stride, .activation = "tanh"};
}

// Rows of 132 bytes: 64 of them end where a binding may begin.
DEVICE_TEST(Parts, OfALinearWeight) {
  compare(device, {5, 33}, {{.type = "linear", .out = 130, .activation = "tanh"}}, 9000, 3 + 1);
}

// 6,912 bytes of weight for pictures of at most 1,152 bytes each.
DEVICE_TEST(Parts, OfAConvolutionsWeight) {
  compare(device, {3, 6, 4, 12}, {convolution("conv2d", 16, 2)}, 3000, 3 + 1);
}

DEVICE_TEST(Parts, OfATransposedConvolutionsWeight) {
  compare(device, {3, 3, 2, 16}, {convolution("conv_transpose2d", 12, 2)}, 3000, 3 + 1);
}

DEVICE_TEST(Parts, OfANormalisedWeight) {
  Layer layer = convolution("conv2d", 16, 1);
  layer.spectral_norm = true;
  compare(device, {3, 4, 3, 12}, {layer}, 3000, 3 + 1);
}

// 4·20 rows of 10 and of 20 numbers.
DEVICE_TEST(Parts, OfTheWeightsOfAnLstm) {
  compare(device, {3, 4, 10}, {{.type = "lstm", .out = 20, .sequence = true}}, 1536, 3 + 5 + 1);
}

DEVICE_TEST(Parts, OfTheWeightsOfAnLstmOfOddSize) {
  compare(device, {3, 4, 10}, {{.type = "lstm", .out = 19}}, 2048, 2 + 4 + 1);
}

DEVICE_TEST(Parts, OfActivations) {
  compare(device, {7, 8, 8, 3},
          {convolution("conv2d", 16, 1),
           {.type = "batch_norm"},
           {.type = "max_pool2d", .stride = 2, .size = 2},
           convolution("conv_transpose2d", 8, 2),
           {.type = "layer_norm"},
           {.type = "upsample2d", .scale = 2},
           convolution("conv2d", 1, 1),
           {.type = "linear", .out = 5}},
          10000, 12);
}

/// Compiles a step of training on a device that computes nothing, with WebGPU's bindings of 128 MB.
size_t dispatches(const Shape& x_shape, const std::vector<Layer>& layers) {
  std::unique_ptr<hal::Device> device = hal::null::create_device();
  Parameters parameters;
  const Shape one(std::vector<uint32_t>(x_shape.begin() + 1, x_shape.end()));
  Network network(parameters, "network", one, layers);
  parameters.allocate(*device, "parameters");
  Graph graph(device->limits());
  Tensor loss = ops::mean(network(ops::constant(graph, x_shape, 1), {.training = true}));
  const Tensors gradients = ops::gradients(loss, parameters.trainable(graph));
  return Step(*device, graph, "step", gradients).dispatch_count();
}

TEST(Parts, MakeValidPlansOfTensorsBeyondRealLimits) {
  EXPECT_GT(dispatches({2, 28, 28}, {{.type = "lstm", .out = 3000}}), 28u);
  EXPECT_GT(dispatches({2, 8, 8, 2000}, {convolution("conv2d", 2000, 1)}), 9u);
  EXPECT_GT(dispatches({700, 28, 28, 128}, {convolution("conv_transpose2d", 128, 2)}), 16u);
  EXPECT_GT(dispatches({2, 50176}, {{.type = "linear", .out = 784}}), 5u);
}

}  // namespace
}  // namespace pumice::nn
