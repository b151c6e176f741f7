#include "engine/nn/layers/layers.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/nn/layers/activation.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/conv_transpose2d.h"
#include "engine/nn/layers/dropout.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/lstm.h"
#include "engine/nn/layers/pool2d.h"
#include "engine/nn/layers/reshape.h"
#include "engine/nn/layers/residual.h"
#include "engine/nn/layers/upsample2d.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/run_network.h"

namespace pumice::nn {
namespace {

TEST(Layers, EachTypeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (std::string_view name : layer_type_names()) {
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(layer_of_type(name).type(), name);
  }
  const std::string error = test::error_of([] { layer_of_type("liner"); });
  EXPECT_TRUE(error.starts_with("layer: expects one of linear, conv2d, ")) << error;
  EXPECT_TRUE(error.ends_with(", got 'liner'")) << error;
}

TEST(Layers, AreEqualIfTypeAndOptionsAre) {
  const Layer linear = Linear{.out = 3};
  EXPECT_EQ(linear, Layer(Linear{.out = 3}));
  EXPECT_FALSE(linear == Layer(Linear{.out = 4}));
  EXPECT_FALSE(linear == Layer(Lstm{.out = 3}));
  EXPECT_FALSE(linear == Layer());
  EXPECT_EQ(Layer(), Layer());
  EXPECT_EQ(Layer(Residual{.layers = {linear}}), Layer(Residual{.layers = {Linear{.out = 3}}}));
}

TEST(Layers, AnswerQuestionsThatNotEveryTypeKnows) {
  const Layer conv = Conv2d{.out = 3, .kernel = 1, .spectral_norm = true, .activation = "relu"};
  EXPECT_EQ(conv.activation(), "relu");
  EXPECT_TRUE(conv.spectral_norm());
  EXPECT_FALSE(conv.keeps_values());
  EXPECT_EQ(conv.as<Conv2d>()->out, 3u);
  EXPECT_EQ(conv.as<Linear>(), nullptr);
  const Layer reshape = Reshape{.shape = {4, 4, 1}};
  EXPECT_EQ(reshape.activation(), "none");
  EXPECT_FALSE(reshape.spectral_norm());
  EXPECT_TRUE(reshape.keeps_values());
}

TEST(Layers, SumThemselvesUpForTables) {
  EXPECT_EQ(Layer(Linear{.out = 3, .activation = "relu"}).summary(), "linear, relu");
  EXPECT_EQ(Layer(Conv2d{.out = 3, .kernel = 5}).summary(), "conv2d k5");
  EXPECT_EQ(
      Layer(ConvTranspose2d{.out = 3, .kernel = 4, .stride = 2, .activation = "tanh"}).summary(),
      "conv_transpose2d k4 s2, tanh");
  EXPECT_EQ(Layer(BatchNorm{.activation = "relu"}).summary(), "batch_norm, relu");
  EXPECT_EQ(Layer(Dropout{.rate = 0.3}).summary(), "dropout 0.3");
  EXPECT_EQ(Layer(Lstm{.out = 3}).summary(), "lstm");
  EXPECT_EQ(Layer(Lstm{.out = 3, .sequence = true}).summary(), "lstm, sequence");
  EXPECT_EQ(Layer(MaxPool2d{.size = 2}).summary(), "max_pool2d k2 s2");
  EXPECT_EQ(Layer(AveragePool2d{.size = 3, .stride = 1}).summary(), "average_pool2d k3");
  EXPECT_EQ(Layer(Residual{.activation = "relu"}).summary(), "residual, relu");
}

// One image of 4 x 4 pixels, 0 to 15 row by row.
std::vector<float> pooled(hal::Device& device, const Layer& pool) {
  std::vector<float> values(16);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  return test::run_network(device, {pool}, {1, 4, 4, 1}, values);
}

DEVICE_TEST(Layers, pools_step_by_their_size_by_default) {
  EXPECT_EQ(pooled(device, MaxPool2d{.size = 2}), (std::vector<float>{5, 7, 13, 15}));
  EXPECT_EQ(pooled(device, AveragePool2d{.size = 2}), (std::vector<float>{2.5, 4.5, 10.5, 12.5}));
  EXPECT_EQ(pooled(device, MaxPool2d{.size = 2, .stride = 1}),
            (std::vector<float>{5, 6, 7, 9, 10, 11, 13, 14, 15}));
  EXPECT_EQ(pooled(device, AveragePool2d{.size = 3, .stride = 1}),
            (std::vector<float>{5, 6, 9, 10}));
}

}  // namespace
}  // namespace pumice::nn
