#include "engine/nn/inference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/nn/layers/linear.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"

namespace pumice::nn {
namespace {

const VaeDescription kVae{.picture = {3, 2, 1},
                          .latent_size = 2,
                          .encoder = {Linear{.out = 4}},
                          .decoder = {Linear{.out = 6}}};

/// y = W·x + b of the network's only layer.
std::vector<double> layer(const Parameters& parameters, const std::vector<std::byte>& flat,
                          uint32_t weight, std::span<const float> x) {
  std::vector<float> w(parameters.list()[weight].shape.size());
  std::vector<float> b(parameters.list()[weight + 1].shape.size());
  std::memcpy(w.data(), flat.data() + parameters.list()[weight].byte_offset, w.size() * 4);
  std::memcpy(b.data(), flat.data() + parameters.list()[weight + 1].byte_offset, b.size() * 4);
  std::vector<double> y(b.begin(), b.end());
  for (size_t i = 0; i < w.size(); ++i) y[i / x.size()] += double(w[i]) * x[i % x.size()];
  return y;
}

DEVICE_TEST(Inference, RunsBatchByBatch) {
  Model model(kVae);
  model.allocate(device);
  model.initialize(device, 3);
  const Parameters& parameters = model.vae()->parameters;
  std::vector<std::byte> flat = device.read(*parameters.buffer())->take();
  Inference inference(device, model, 4);
  const std::vector<float> latents{1, 2, -1, 0, 0.5, 0.25, 3, -3, 0, 0};  // five, of two
  std::vector<float> pictures = inference.decode(latents);
  ASSERT_EQ(pictures.size(), 5u * 6);
  for (size_t i = 0; i < 5; ++i) {
    std::vector<double> logits = layer(parameters, flat, 2, std::span(latents).subspan(2 * i, 2));
    for (size_t j = 0; j < 6; ++j) {
      EXPECT_NEAR(pictures[6 * i + j], 1 / (1 + std::exp(-logits[j])), 1e-5) << i << " " << j;
    }
  }
  EXPECT_EQ(inference.decode_dispatches(), 1u) << "the sigmoid belongs into the layer's kernel";
  std::vector<float> moments = inference.encode(pictures);
  ASSERT_EQ(moments.size(), 5u * 4);
  std::vector<float> means;
  for (size_t i = 0; i < 5; ++i) {
    std::vector<double> y = layer(parameters, flat, 0, std::span(pictures).subspan(6 * i, 6));
    for (size_t j = 0; j < 4; ++j) EXPECT_NEAR(moments[4 * i + j], y[j], 1e-5) << i << " " << j;
    means.insert(means.end(), {moments[4 * i], moments[4 * i + 1]});
  }
  EXPECT_EQ(inference.reconstruct(pictures), inference.decode(means));
}

DEVICE_TEST(Inference, RefusesPartsOfRows) {
  Model model(kVae);
  model.allocate(device);
  Inference inference(device, model, 4);
  EXPECT_EQ(test::error_of([&] { inference.decode(std::vector<float>(3)); }),
            "decode: expects rows of 2 values, got 3 values");
  EXPECT_EQ(test::error_of([&] { inference.start_decode(std::vector<float>(10)); }),
            "decode: expects 1 … 4 rows of 2 values, got 10 values");
}

const GanDescription kGan{.picture = {2, 2, 1},
                          .latent_size = 2,
                          .classes = 3,
                          .generator = {Linear{.out = 4, .activation = "tanh"}},
                          .discriminator = {Linear{.out = 1}}};

DEVICE_TEST(Inference, TellsTheClassAndDrawsWithTheAverage) {
  Model model(kGan, {.average = true});
  model.allocate(device);
  model.initialize(device, 3);
  Inference inference(device, model, 2);
  const std::vector<float> latents{1, 2, 1, 2, 1, 2};
  const std::vector<uint32_t> labels{0, 2, 0};
  const std::vector<float> pictures = inference.decode(latents, labels);
  const std::vector<std::byte> flat = device.read(*model.average()->buffer())->take();
  for (size_t i = 0; i < 3; ++i) {
    std::vector<float> input{1, 2, 0, 0, 0};
    input[2 + labels[i]] = 1;
    const std::vector<double> y = layer(*model.average(), flat, 0, input);
    for (size_t j = 0; j < 4; ++j) {
      EXPECT_NEAR(pictures[4 * i + j], (std::tanh(y[j]) + 1) / 2, 1e-5) << i << " " << j;
    }
  }
}

DEVICE_TEST(Inference, RefusesWhatTheModelCannot) {
  Model gan(kGan);
  gan.allocate(device);
  Inference inference(device, gan, 2);
  EXPECT_EQ(test::error_of([&] { inference.encode(std::vector<float>(4)); }),
            "encode: expects a vae, got a gan, which has no encoder");
  EXPECT_EQ(test::error_of([&] { inference.decode(std::vector<float>(2)); }),
            "decode: expects 1 labels below 3, got 0");
  const std::vector<uint32_t> beyond{3};
  EXPECT_EQ(test::error_of([&] { inference.decode(std::vector<float>(2), beyond); }),
            "decode: expects 1 labels below 3, got 1, one of them beyond");
  Model classifier(
      ClassifierDescription{.picture = {2, 2, 1}, .classes = 3, .layers = {Linear{.out = 3}}});
  classifier.allocate(device);
  EXPECT_EQ(test::error_of([&] { Inference(device, classifier, 1).decode(std::vector<float>(1)); }),
            "decode: expects a vae or a gan, got a classifier");
}

}  // namespace
}  // namespace pumice::nn
