#include "engine/metrics/classifier_extractor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/base/philox.h"
#include "engine/models/classifier/classifier_model.h"
#include "engine/models/gan/gan.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/dropout.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

/// A hidden layer, dropout that has to stay off, and the output layer.
const models::ClassifierDescription kClassifier{
    .image = {3, 2, 1},
    .classes = 3,
    .layers = {nn::Linear{.out = 5, .activation = "relu"}, nn::Dropout{.rate = 0.5},
               nn::Linear{.out = 3}}};

std::unique_ptr<models::Model> trained(hal::Device& device,
                                       const models::Description& description) {
  std::unique_ptr<models::Model> model = description.build();
  model->allocate(device);
  model->initialize(device, 3);
  return model;
}

std::vector<float> noise(size_t count) {
  PhiloxStream random(5, 0);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(random.uniform());
  return values;
}

/// y = W·x + b for one layer, given the index of its weight among the parameters.
std::vector<double> layer(const nn::Parameters& parameters, const std::vector<std::byte>& flat,
                          uint32_t weight, const std::vector<double>& x) {
  std::vector<float> w(parameters.list()[weight].shape.size());
  std::vector<float> b(parameters.list()[weight + 1].shape.size());
  std::memcpy(w.data(), flat.data() + parameters.list()[weight].byte_offset, w.size() * 4);
  std::memcpy(b.data(), flat.data() + parameters.list()[weight + 1].byte_offset, b.size() * 4);
  std::vector<double> y(b.begin(), b.end());
  for (size_t i = 0; i < w.size(); ++i) y[i / x.size()] += w[i] * x[i % x.size()];
  return y;
}

DEVICE_TEST(ClassifierExtractor, ReturnsTheInputOfTheLastLayer) {
  std::unique_ptr<models::Model> model = trained(device, kClassifier);
  const nn::Parameters& parameters = model->as<models::ClassifierModel>()->classifier_parameters();
  const std::vector<std::byte> flat = device.read(*parameters.buffer())->take();
  ClassifierExtractor extractor(device, std::move(model), "tiny", 4);
  EXPECT_EQ(extractor.name(), "tiny");
  const std::vector<float> images = noise(11 * 6);  // two batches of four, and three
  const Features features = extractor.extract(images, {3, 2, 1});
  ASSERT_EQ(features.count, 11u);
  ASSERT_EQ(features.values.size(), 11u * 5);
  ASSERT_EQ(features.probabilities.size(), 11u * 3);
  for (size_t i = 0; i < 11; ++i) {
    std::vector<double> hidden =
        layer(parameters, flat, 0, {images.begin() + 6 * i, images.begin() + 6 * (i + 1)});
    for (size_t j = 0; j < 5; ++j) {
      hidden[j] = std::max(hidden[j], 0.0);
      EXPECT_NEAR(features.values[5 * i + j], hidden[j], 1e-5) << i << " " << j;
    }
    const std::vector<double> logits = layer(parameters, flat, 2, hidden);
    double sum = 0;
    for (double logit : logits) sum += std::exp(logit);
    for (size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(features.probabilities[3 * i + j], std::exp(logits[j]) / sum, 1e-5);
    }
  }
}

DEVICE_TEST(ClassifierExtractor, TakesConvolutions) {
  const models::ClassifierDescription description{
      .image = {8, 8, 3},
      .classes = 4,
      .layers = {nn::Conv2d{.out = 4, .kernel = 3, .stride = 2},
                 nn::BatchNorm{.activation = "relu"}, nn::Linear{.out = 4}}};
  ClassifierExtractor extractor(device, trained(device, description), "tiny", 4);
  EXPECT_EQ(extractor.size(), 64u);
  const Features features = extractor.extract(noise(5 * 192), {8, 8, 3});
  EXPECT_EQ(features.values.size(), 5u * 64);
  // Two batches give the same features as one.
  const std::vector<float> images = noise(8 * 192);
  const Features all = extractor.extract(images, {8, 8, 3});
  const Features half = extractor.extract(std::span(images).subspan(4 * 192), {8, 8, 3});
  EXPECT_TRUE(std::equal(half.values.begin(), half.values.end(), all.values.begin() + 4 * 64));
}

DEVICE_TEST(ClassifierExtractor, RefusesImagesThatDoNotFit) {
  ClassifierExtractor extractor(device, trained(device, kClassifier), "tiny", 4);
  EXPECT_EQ(test::error_of([&] {
              extractor.extract(std::vector<float>(12), {2, 2, 3});
            }),
            "tiny: takes images of [3, 2, 1], got [2, 2, 3]");
  EXPECT_EQ(test::error_of([&] {
              extractor.extract(std::vector<float>(7), {3, 2, 1});
            }),
            "tiny: expects images of 6 values, got 7 values");
  EXPECT_EQ(extractor.extract({}, {3, 2, 1}).count, 0u);
  const models::GanDescription gan{.image = {2, 2, 1},
                                   .latent_size = 2,
                                   .generator = {nn::Linear{.out = 4, .activation = "tanh"}},
                                   .discriminator = {nn::Linear{.out = 1}}};
  EXPECT_EQ(test::error_of([&] { ClassifierExtractor(device, trained(device, gan), "it"); }),
            "it: expected a classifier as the extractor, got a gan");
}

}  // namespace
}  // namespace pumice::metrics
