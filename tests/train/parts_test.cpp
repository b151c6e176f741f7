#include <gtest/gtest.h>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/hal/null/null_device.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/conv_transpose2d.h"
#include "engine/nn/layers/layer_norm.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/lstm.h"
#include "engine/nn/layers/pool2d.h"
#include "engine/nn/layers/upsample2d.h"
#include "engine/nn/network.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/weight_average.h"
#include "tests/support/devices.h"
#include "tests/support/op_test.h"

/// Networks with tensors that are larger than one binding of the device.
namespace pumice::train {
namespace {

using nn::Layer;
using nn::Network;
using nn::Parameters;

test::Array values(const Shape& shape, int seed) {
  test::Array array{shape, {}};
  for (uint64_t i = 0; i < shape.size(); ++i) array.values.push_back(std::sin(double(i) + seed));
  return array;
}

/// The results of some training steps.
struct Result {
  float loss = 0;
  std::vector<float> slopes;   ///< of the loss with respect to x
  std::vector<float> weights;  ///< and running statistics
  std::vector<float> average;
  size_t parts = 0;  ///< in which the parameters are bound
};

/// A network in training with a limit to the size of bindings.
class Training {
 public:
  Training(hal::Device& device, const Shape& x, const std::vector<Layer>& layers)
      : device_(device),
        x_(x),
        network_(weights_, "network", Shape({x.begin() + 1, x.end()}), layers),
        twin_(average_, "network", Shape({x.begin() + 1, x.end()}), layers) {
    for (Parameters* parameters : {&weights_, &average_}) {
      parameters->allocate(device, "parameters");
      parameters->initialize(device, 3);
    }
  }

  /// `penalty`: on the slopes with respect to x, so that gradients are differentiated again.
  Result run(uint64_t max_binding_bytes, double penalty) {
    hal::Limits limits = device_.limits();
    limits.max_binding_bytes = max_binding_bytes;
    Graph graph(limits);
    const optim::Optimizer optimizer(
        device_, weights_,
        {.learning_rate = 1e-2, .epsilon = 1e-3, .weight_decay = 0.01, .clip_norm = 0.5});
    const optim::WeightAverage average(weights_, average_, 0.9);
    StepState step_state(device_, "step_state");
    step_state.set(0, 1);
    const Tensor now = step_state.tensor(graph);
    const Tensor x = test::upload(device_, graph, values(x_, 1));
    const Tensor y = network_(x, {.training = true, .step_state = now});
    const Tensor wanted = test::upload(device_, graph, values(y.shape(), 2));
    Tensor loss = ops::mean(ops::square(ops::subtract(y, wanted)));
    const Tensor slopes = ops::gradients(loss, {x})[0];
    if (penalty > 0) {
      const Tensor squares = ops::mean(ops::square(slopes));
      loss = ops::add(loss, ops::affine(squares, static_cast<float>(penalty), 0));
    }
    optimizer.step(loss, now);
    average.update(now);
    step_state.advance(graph);
    Step step(device_, graph, "test", {loss, slopes});
    for (int i = 0; i < 3; ++i) step.run();
    return {.loss = step.read_floats(loss)[0],
            .slopes = step.read_floats(slopes),
            .weights = all_of(weights_),
            .average = all_of(average_),
            .parts = graph.parts(weights_.trainable(graph)).size()};
  }

 private:
  std::vector<float> all_of(const Parameters& parameters) const {
    return to_floats(device_.read(*parameters.buffer())->take(),
                     parameters.flat_bytes() / sizeof(float));
  }

  hal::Device& device_;
  Shape x_;
  Parameters weights_;
  Parameters average_;
  Network network_;
  Network twin_;  ///< for the average, which is laid out like the weights
};

void expect_equal(const std::vector<float>& got, const std::vector<float>& wanted,
                  std::string_view what) {
  test::expect_close(got, {wanted.begin(), wanted.end()}, {1e-4, 1e-5}, what);
}

/// Compares training with and without parts. `parts`: how many parts the parameters have under the
/// limit.
void compare(hal::Device& device, const Shape& x, const std::vector<Layer>& layers,
             uint64_t max_binding_bytes, size_t parts, double penalty = 0) {
  const Result whole = Training(device, x, layers).run(device.limits().max_binding_bytes, penalty);
  const Result split = Training(device, x, layers).run(max_binding_bytes, penalty);
  EXPECT_EQ(split.parts, parts);
  EXPECT_NEAR(split.loss, whole.loss, 1e-5);
  expect_equal(split.slopes, whole.slopes, "slopes");
  expect_equal(split.weights, whole.weights, "weights");
  expect_equal(split.average, whole.average, "average");
}

Layer conv2d(uint32_t out, uint32_t stride) {
  return nn::Conv2d{.out = out, .kernel = 3, .stride = stride, .activation = "tanh"};
}

Layer conv_transpose2d(uint32_t out, uint32_t stride) {
  return nn::ConvTranspose2d{.out = out, .kernel = 3, .stride = stride, .activation = "tanh"};
}

// Rows of 132 bytes: 64 of them end at an offset where a binding may begin.
DEVICE_TEST(Parts, OfALinearWeight) {
  compare(device, {5, 33}, {nn::Linear{.out = 130, .activation = "tanh"}}, 9000, 3 + 1);
  compare(device, {5, 33}, {nn::Linear{.out = 130, .activation = "tanh"}}, 9000, 3 + 1, 1);
}

// 6,912 bytes of weight for images of at most 1,152 bytes each.
DEVICE_TEST(Parts, OfAConvolutionsWeight) {
  compare(device, {3, 6, 4, 12}, {conv2d(16, 2)}, 3000, 3 + 1);
  compare(device, {3, 6, 4, 12}, {conv2d(16, 2)}, 3000, 3 + 1, 1);
}

DEVICE_TEST(Parts, OfATransposedConvolutionsWeight) {
  compare(device, {3, 3, 2, 16}, {conv_transpose2d(12, 2)}, 3000, 3 + 1);
}

DEVICE_TEST(Parts, OfANormalisedWeight) {
  const Layer layer =
      nn::Conv2d{.out = 16, .kernel = 3, .spectral_norm = true, .activation = "tanh"};
  compare(device, {3, 4, 3, 12}, {layer}, 3000, 3 + 1);
}

// 4·20 rows of 10 and of 20 numbers.
DEVICE_TEST(Parts, OfTheWeightsOfAnLstm) {
  compare(device, {3, 4, 10}, {nn::Lstm{.out = 20, .sequence = true}}, 1536, 3 + 5 + 1);
}

DEVICE_TEST(Parts, OfTheWeightsOfAnLstmOfOddSize) {
  compare(device, {3, 4, 10}, {nn::Lstm{.out = 19}}, 2048, 2 + 4 + 1);
}

DEVICE_TEST(Parts, OfActivations) {
  compare(device, {7, 8, 8, 3},
          {conv2d(16, 1), nn::BatchNorm{}, nn::MaxPool2d{.size = 2, .stride = 2},
           conv_transpose2d(8, 2), nn::LayerNorm{}, nn::Upsample2d{.scale = 2}, conv2d(1, 1),
           nn::Linear{.out = 5}},
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
  EXPECT_GT(dispatches({2, 28, 28}, {nn::Lstm{.out = 3000}}), 28u);
  EXPECT_GT(dispatches({2, 8, 8, 2000}, {conv2d(2000, 1)}), 9u);
  EXPECT_GT(dispatches({700, 28, 28, 128}, {conv_transpose2d(128, 2)}), 16u);
  EXPECT_GT(dispatches({2, 50176}, {nn::Linear{.out = 784}}), 5u);
}

}  // namespace
}  // namespace pumice::train
