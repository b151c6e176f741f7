#include "engine/nn/network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/graph/step.h"
#include "engine/hal/null/null_device.h"
#include "engine/nn/activation_keys.h"
#include "engine/nn/layers/activation.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/conv_transpose2d.h"
#include "engine/nn/layers/dropout.h"
#include "engine/nn/layers/global_average_pool2d.h"
#include "engine/nn/layers/layer_norm.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/lstm.h"
#include "engine/nn/layers/pool2d.h"
#include "engine/nn/layers/reshape.h"
#include "engine/nn/layers/residual.h"
#include "engine/nn/layers/upsample2d.h"
#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"

namespace pumice::nn {
namespace {

using test::error_of;

struct Expected {
  std::string name;
  Shape input;
  Layer layer;
  Shape output;
  uint64_t parameters = 0;
};

class NetworkLayer : public testing::TestWithParam<Expected> {};

TEST_P(NetworkLayer, KnowsItsOutputAndItsParameters) {
  Parameters parameters;
  Network network(parameters, "network", GetParam().input, {GetParam().layer});
  EXPECT_EQ(network.output(), GetParam().output);
  EXPECT_EQ(network.parameter_count(), GetParam().parameters);
}

Layer conv2d(uint32_t out, uint32_t kernel, uint32_t stride, const std::string& padding) {
  return Conv2d{.out = out, .kernel = kernel, .stride = stride, .padding = padding};
}

Layer conv_transpose2d(uint32_t out, uint32_t kernel, uint32_t stride, const std::string& padding) {
  return ConvTranspose2d{.out = out, .kernel = kernel, .stride = stride, .padding = padding};
}

INSTANTIATE_TEST_SUITE_P(
    Network, NetworkLayer,
    testing::Values(
        Expected{"Linear", {7, 7, 64}, Linear{.out = 1}, {1}, 3137},
        Expected{"NoBias", {5}, Linear{.out = 3, .bias = false}, {3}, 15},
        Expected{"Conv2d", {28, 28, 1}, conv2d(64, 3, 2, "same"), {14, 14, 64}, 640},
        Expected{"Valid", {9, 8, 2}, conv2d(3, 5, 2, "valid"), {3, 2, 3}, 153},
        Expected{"LongStride", {7, 7, 1}, conv2d(2, 1, ~0u, "same"), {1, 1, 2}, 4},
        Expected{"ConvTranspose2d",
                 {7, 7, 128},
                 conv_transpose2d(128, 4, 2, "same"),
                 {14, 14, 128},
                 262272},
        Expected{"FromOnePixel", {1, 1, 4}, conv_transpose2d(32, 8, 1, "valid"), {8, 8, 32}, 8224},
        Expected{"BatchNorm", {6, 5, 3}, BatchNorm{}, {6, 5, 3}, 6},
        Expected{"LayerNorm", {10}, LayerNorm{}, {10}, 20},
        Expected{"Dropout", {10}, Dropout{.rate = 0.5}, {10}, 0},
        Expected{"LstmOfRows", {28, 28, 1}, Lstm{.out = 128}, {128}, 80384},
        Expected{"LstmStates", {28, 20}, Lstm{.out = 64, .sequence = true}, {28, 64}, 21760},
        Expected{"Reshape", {98}, Reshape{.shape = {7, 7, 2}}, {7, 7, 2}, 0},
        Expected{"MaxPool2d", {9, 8, 2}, MaxPool2d{.size = 3, .stride = 2}, {4, 3, 2}},
        Expected{"MaxPool2dByItsSize", {9, 8, 2}, MaxPool2d{.size = 3}, {3, 2, 2}},
        Expected{"AveragePool2dByItsSize", {9, 8, 2}, AveragePool2d{.size = 3}, {3, 2, 2}},
        Expected{"OverlappingPool2d", {9, 8, 2}, AveragePool2d{.size = 3, .stride = 1}, {7, 6, 2}},
        Expected{"GlobalAverage", {9, 8, 2}, GlobalAveragePool2d{}, {2}},
        Expected{"Upsample", {4, 3, 2}, Upsample2d{.scale = 2}, {8, 6, 2}},
        Expected{
            "Residual", {8, 8, 4}, Residual{.layers = {conv2d(4, 3, 1, "same")}}, {8, 8, 4}, 148},
        Expected{"ResidualThatShrinks",
                 {8, 8, 4},
                 Residual{.layers = {conv2d(6, 3, 2, "same")}},
                 {4, 4, 6},
                 222 + 24 + 12},
        Expected{"ResidualOfOddImages",
                 {7, 7, 4},
                 Residual{.layers = {conv2d(6, 3, 2, "same")}},
                 {4, 4, 6},
                 222 + 24 + 12}),
    [](const auto& info) { return info.param.name; });

/// The output for x of a network of these layers, with all weights from one seed.
std::vector<float> output_of(hal::Device& device, const std::vector<Layer>& layers,
                             const Shape& input) {
  Parameters parameters;
  Network network(parameters, "network", input, layers);
  parameters.allocate(device, "parameters");
  parameters.initialize(device, 1);
  Graph graph(device.limits());
  Tensor batch = ops::constant(graph, {1, input[0], input[1], input[2]}, 0.7f);
  Tensor y = network(batch);
  Step step(device, graph, "network", {y});
  step.run();
  return step.read_floats(y);
}

DEVICE_TEST(Network, FusesEveryActivation) {
  for (std::string_view name : activation_names()) {
    const std::string activation(name);
    const Activation alone{.activation = activation};
    const Shape input = {5, 3, 3};
    const auto wanted =
        output_of(device, {Conv2d{.out = 5, .kernel = 3}, alone, Linear{.out = 7}, alone}, input);
    const auto got = output_of(device,
                               {Conv2d{.out = 5, .kernel = 3, .activation = activation},
                                Linear{.out = 7, .activation = activation}},
                               input);
    ASSERT_EQ(got.size(), wanted.size());
    for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], 1e-5) << name;
  }
}

struct Bad {
  std::string name;
  Shape input;
  Layer layer;
  std::string message;
};

class BadNetworkLayer : public testing::TestWithParam<Bad> {};

TEST_P(BadNetworkLayer, IsNamed) {
  Parameters parameters;
  EXPECT_EQ(error_of([&] { Network(parameters, "decoder", GetParam().input, {GetParam().layer}); }),
            GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Network, BadNetworkLayer,
    testing::Values(
        Bad{"NoType", {5}, Layer(), "decoder.0: expects a layer, got none"},
        Bad{"NoSize",
            {4, 4, 1},
            MaxPool2d{},
            "decoder.0 (max_pool2d): expects 'size' of at least 1, got 0"},
        Bad{"LargeWindow",
            {4, 4, 1},
            AveragePool2d{.size = 5},
            "decoder.0 (average_pool2d): expects images of at least 5 x 5, got [4, 4, 1]"},
        Bad{"FlatImage",
            {784},
            conv2d(8, 3, 1, "same"),
            "decoder.0 (conv2d): expects images [height, width, channels], got [784]"},
        Bad{"LargeKernel",
            {4, 4, 1},
            conv2d(8, 5, 1, "valid"),
            "decoder.0 (conv2d): a kernel of 5 x 5 does not fit in [4, 4, 1] without padding"},
        Bad{"Reshape",
            {98},
            Reshape{.shape = {7, 7, 1}},
            "decoder.0 (reshape): [98] has 98 numbers, [7, 7, 1] has 49"},
        Bad{"Sequence",
            {98},
            Lstm{.out = 4},
            "decoder.0 (lstm): expects a sequence [steps, features], or gray images, got [98]"},
        Bad{"Residual",
            {8},
            Residual{.layers = {Linear{.out = 4}}},
            "decoder.0 (residual): its layers turn [8] into [4], which cannot be added"},
        Bad{"ResidualWithoutPadding",
            {9, 9, 1},
            Residual{.layers = {conv2d(2, 3, 2, "valid")}},
            "decoder.0 (residual): its layers turn [9, 9, 1] into [4, 4, 2], which cannot be "
            "added"},
        Bad{"EdgeTooLong",
            {2, 2, 1},
            Upsample2d{.scale = 4294967295},
            "decoder.0 (upsample2d): makes an edge of 8589934590 pixels from [2, 2, 1], expected "
            "at most 4294967295"},
        Bad{"TransposedTooLong",
            {2, 2, 1},
            conv_transpose2d(1, 3, 4294967295, "same"),
            "decoder.0 (conv_transpose2d): makes an edge of 8589934593 pixels from [2, 2, 1], "
            "expected at most 4294967295"},
        Bad{"TooManyPixels",
            {2, 2, 1},
            Upsample2d{.scale = 65535},
            "decoder.0 (upsample2d): makes [131070, 131070, 1], expected at most 4294967295 "
            "numbers"},
        Bad{"KernelTooLarge",
            {2, 2, 1},
            conv2d(4, 4294967295, 1, "same"),
            "parameters: 'decoder.0.weight' [4294967295, 4294967295, 1, 4]: expects at most "
            "4294967295 numbers"},
        Bad{"StateTooLarge",
            {28, 28},
            Lstm{.out = 1073741825},
            "decoder.0 (lstm): expects 'out' of at most 1073741823, got 1073741825"}),
    [](const auto& info) { return info.param.name; });

Layer reshape(std::vector<uint32_t> shape) { return Reshape{.shape = std::move(shape)}; }

TEST(EndingWithImage, AppendsALinearLayerToFeatures) {
  const Shape gray{4, 4, 1}, colour{4, 4, 3};
  EXPECT_EQ(ending_with_image({reshape({4, 4, 1})}, {16}, gray).size(), 1u);
  EXPECT_EQ(ending_with_image({}, {16}, gray).back().as<Linear>()->out, 16u);
  EXPECT_EQ(ending_with_image({reshape({2, 2, 4})}, {16}, gray).back().as<Linear>()->out, 16u);
  EXPECT_EQ(ending_with_image({reshape({4, 4, 3})}, {48}, gray).back().as<Linear>()->out, 16u);
  EXPECT_EQ(ending_with_image({reshape({1, 1, 3})}, {3}, colour).back().as<Linear>()->out, 48u);
  EXPECT_EQ(ending_with_image({reshape({2, 8})}, {16}, gray).back().as<Linear>()->out, 16u);
}

TEST(EndingWithImage, RefusesImagesOfAnotherSize) {
  auto end = [] {
    ending_with_image({reshape({7, 7, 1}), conv_transpose2d(1, 3, 2, "same")}, {49}, {28, 28, 1},
                      "tanh", "generator");
  };
  EXPECT_EQ(error_of(end),
            "generator.1 (conv_transpose2d): expects an image of [28, 28, 1], makes [14, 14, 1]");
}

TEST(Parameters, KeepRunningStatisticsBehindWhatIsTrained) {
  Parameters parameters;
  Network network(parameters, "network", {4, 4, 2}, {BatchNorm{}, Linear{.out = 3}});
  EXPECT_EQ(parameters.count(), 4u + 96 + 3);
  EXPECT_EQ(parameters.trainable_bytes(), 1280u);  // 2 x 256 + 512 + 256
  EXPECT_EQ(parameters.flat_bytes(), 1280u + 512);
  for (const Parameter& parameter : parameters.list()) {
    EXPECT_EQ(parameter.byte_offset < 1280, parameter.trainable) << parameter.name;
  }
}

/// The values of the parameter of that name.
std::vector<float> values(hal::Device& device, const Parameters& parameters,
                          const std::string& name) {
  std::vector<std::byte> flat = device.read(*parameters.buffer())->take();
  for (const Parameter& parameter : parameters.list()) {
    if (parameter.name != name) continue;
    std::vector<float> found(parameter.shape.size());
    std::memcpy(found.data(), flat.data() + parameter.byte_offset, found.size() * sizeof(float));
    return found;
  }
  return {};
}

DEVICE_TEST(Network, batch_norm_follows_the_batches_that_it_is_trained_with) {
  Parameters parameters;
  Network network(parameters, "network", {1}, {BatchNorm{.momentum = 0.25}});
  parameters.allocate(device, "parameters");
  parameters.initialize(device, 1);
  const std::vector<float> batch{1, 3, 5, 7};  // mean 4, unbiased variance 20/3
  hal::BufferPtr input = device.allocate(16, "input");
  device.write(*input, std::as_bytes(std::span(batch)));
  auto run = [&](const ForwardContext& pass) {
    Graph graph(device.limits());
    Tensor y = network(graph.external(input, {4, 1}, DType::kF32), pass);
    Step step(device, graph, "test", {y});
    step.run();
    return step.read_floats(y);
  };
  EXPECT_NEAR(run({})[3], 7, 1e-3);
  EXPECT_NEAR(run({.training = true})[3], 3 / std::sqrt(5.0), 1e-4);
  EXPECT_NEAR(values(device, parameters, "network.0.running_mean")[0], 1, 1e-5);
  const float variance = values(device, parameters, "network.0.running_variance")[0];
  EXPECT_NEAR(variance, 0.75 + 0.25 * 20 / 3, 1e-5);
  EXPECT_NEAR(run({})[3], 6 / std::sqrt(variance), 1e-3);
}

// The error of the last of `layers` for a batch in training; empty if there is none.
std::string training_refusal(hal::Device& device, const Shape& input, uint32_t batch,
                             const std::vector<Layer>& layers) {
  return test::error_of([&] {
    Parameters parameters;
    Network network(parameters, "network", input, layers);
    parameters.allocate(device, "parameters");
    Graph graph(device.limits());
    std::vector<uint32_t> extents{batch};
    extents.insert(extents.end(), input.begin(), input.end());
    Tensor x = graph.external(device.allocate(4 * Shape(extents).size() + 16, "x"), Shape(extents),
                              DType::kF32);
    network(x, {.training = false});
    network(x, {.training = true});
  });
}

DEVICE_TEST_WITH_NULL(Network, batch_norm_is_refused_over_one_value) {
  const Layer norm = BatchNorm{};
  EXPECT_EQ(training_refusal(device, {6}, 1, {norm}),
            "network.0 (batch_norm): expects at least 2 values per channel in a training step, got "
            "1: a batch of 1 and 6 channels; use a larger batch or layer_norm");
  EXPECT_EQ(training_refusal(device, {6}, 2, {norm}), "(no error)");
  EXPECT_EQ(training_refusal(device, {1, 2, 6}, 1, {norm}), "(no error)");
  // An image of one pixel, and one that a convolution produces; also within a residual layer.
  EXPECT_TRUE(test::contains(training_refusal(device, {1, 1, 6}, 1, {norm}), "network.0 (batch"));
  const Layer conv = Conv2d{.out = 3, .kernel = 2, .stride = 2};
  EXPECT_TRUE(test::contains(training_refusal(device, {2, 2, 3}, 1, {conv, norm}), "network.1 (b"));
  EXPECT_TRUE(test::contains(training_refusal(device, {2, 2, 3}, 1, {Residual{.layers = {conv}}}),
                             "network.0.shortcut.1 (batch_norm): "));
}

DEVICE_TEST_WITH_NULL(Network, layer_norm_is_refused_over_one_value) {
  const Layer norm = LayerNorm{};
  EXPECT_EQ(training_refusal(device, {4, 4, 1}, 8, {norm}),
            "network.0 (layer_norm): expects at least 2 values to normalise, got 1");
  EXPECT_EQ(training_refusal(device, {4, 4, 2}, 1, {norm}), "(no error)");
}

}  // namespace
}  // namespace pumice::nn
