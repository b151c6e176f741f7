#include "engine/models/inference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/models/classifier/classifier.h"
#include "engine/models/gan/gan_model.h"
#include "engine/models/vae/vae_model.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"

namespace pumice::models {
namespace {

const VaeDescription kVae{.image = {3, 2, 1},
                          .latent_size = 2,
                          .encoder = {nn::Linear{.out = 4}},
                          .decoder = {nn::Linear{.out = 6}}};

/// y = W·x + b for the network's only layer.
std::vector<double> layer(const nn::Parameters& parameters, const std::vector<std::byte>& flat,
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
  VaeModel model(kVae, {});
  model.allocate(device);
  model.initialize(device, 3);
  const nn::Parameters& parameters = model.vae_parameters();
  std::vector<std::byte> flat = device.read(*parameters.buffer())->take();
  Inference inference(device, model, 4);
  const std::vector<float> latents{1, 2, -1, 0, 0.5, 0.25, 3, -3, 0, 0};  // five, two numbers each
  std::vector<float> images = inference.decode(latents);
  ASSERT_EQ(images.size(), 5u * 6);
  for (size_t i = 0; i < 5; ++i) {
    std::vector<double> logits = layer(parameters, flat, 2, std::span(latents).subspan(2 * i, 2));
    for (size_t j = 0; j < 6; ++j) {
      EXPECT_NEAR(images[6 * i + j], 1 / (1 + std::exp(-logits[j])), 1e-5) << i << " " << j;
    }
  }
  EXPECT_EQ(inference.decode_dispatches(), 1u) << "the sigmoid belongs in the layer's kernel";
  std::vector<float> moments = inference.encode(images);
  ASSERT_EQ(moments.size(), 5u * 4);
  std::vector<float> means;
  for (size_t i = 0; i < 5; ++i) {
    std::vector<double> y = layer(parameters, flat, 0, std::span(images).subspan(6 * i, 6));
    for (size_t j = 0; j < 4; ++j) EXPECT_NEAR(moments[4 * i + j], y[j], 1e-5) << i << " " << j;
    means.insert(means.end(), {moments[4 * i], moments[4 * i + 1]});
  }
  EXPECT_EQ(inference.reconstruct(images), inference.decode(means));
}

DEVICE_TEST(Inference, RefusesPartsOfRows) {
  VaeModel model(kVae, {});
  model.allocate(device);
  Inference inference(device, model, 4);
  EXPECT_EQ(test::error_of([&] { inference.decode(std::vector<float>(3)); }),
            "decode: expects rows of 2 values, got 3 values");
  EXPECT_EQ(test::error_of([&] { inference.start_decode(std::vector<float>(10)); }),
            "decode: expects 1 … 4 rows of 2 values, got 10 values");
}

const GanDescription kGan{.image = {2, 2, 1},
                          .latent_size = 2,
                          .classes = 3,
                          .generator = {nn::Linear{.out = 4, .activation = "tanh"}},
                          .discriminator = {nn::Linear{.out = 1}}};

DEVICE_TEST(Inference, PassesTheClassAndDrawsWithTheAverage) {
  GanModel model(kGan, {.average = true});
  model.allocate(device);
  model.initialize(device, 3);
  Inference inference(device, model, 2);
  const std::vector<float> latents{1, 2, 1, 2, 1, 2};
  const std::vector<uint32_t> labels{0, 2, 0};
  const std::vector<float> images = inference.decode(latents, labels);
  const std::vector<std::byte> flat = device.read(*model.average()->buffer())->take();
  for (size_t i = 0; i < 3; ++i) {
    std::vector<float> input{1, 2, 0, 0, 0};
    input[2 + labels[i]] = 1;
    const std::vector<double> y = layer(*model.average(), flat, 0, input);
    for (size_t j = 0; j < 4; ++j) {
      EXPECT_NEAR(images[4 * i + j], (std::tanh(y[j]) + 1) / 2, 1e-5) << i << " " << j;
    }
  }
}

DEVICE_TEST(Inference, RefusesWhatTheModelCannot) {
  GanModel gan(kGan, {});
  gan.allocate(device);
  Inference inference(device, gan, 2);
  EXPECT_EQ(test::error_of([&] { inference.encode(std::vector<float>(4)); }),
            "encode: expects a vae with its encoder, got a gan without one");
  EXPECT_EQ(test::error_of([&] { inference.decode(std::vector<float>(2)); }),
            "decode: expects 1 labels below 3, got 0");
  const std::vector<uint32_t> beyond{3};
  EXPECT_EQ(test::error_of([&] { inference.decode(std::vector<float>(2), beyond); }),
            "decode: expects 1 labels below 3, got 1, one of them too large");
  const ClassifierDescription description{
      .image = {2, 2, 1}, .classes = 3, .layers = {nn::Linear{.out = 3}}};
  const auto classifier = Description(description).build();
  EXPECT_EQ(
      test::error_of([&] { Inference(device, *classifier, 1).decode(std::vector<float>(1)); }),
      "decode: expects a vae, a gan or a flow, got a classifier");
}

/// A family that draws in several passes: x ← x + rate; the program of the last pass doubles the
/// images.
struct StepsDescription {
  Shape image;
  uint32_t latent_size = 2;
  uint32_t classes = 0;
  void describe(nn::LayerFields&) {}
  static const Family& family();
  bool operator==(const StepsDescription&) const = default;
};

constexpr SamplingOption kStepsOptions[] = {
    {.name = "steps", .value = 3, .least = 1, .most = 10, .is_whole = true, .help = "passes"},
    {.name = "rate", .value = 0.5, .least = 0, .most = 1, .is_whole = false, .help = "of a pass"}};

class StepsModel : public Model {
 public:
  StepsModel(const StepsDescription& description, const ModelOptions&) : Model(description) {}
  std::vector<const nn::Network*> networks() const override { return {}; }

  Decoded decode(uint32_t program, const DecodeInput& input) const override {
    const Tensor moved = ops::add(input.latents, ops::reshape(input.numbers, {1, 1}));
    return {.images = program == 1 ? ops::affine(moved, 2, 0) : moved, .latents = moved};
  }
  std::vector<DecodePass> decode_passes(std::span<const double> options) const override {
    std::vector<DecodePass> passes(static_cast<size_t>(options[0]));
    for (DecodePass& pass : passes) pass.numbers = {static_cast<float>(options[1])};
    passes.back().program = 1;
    return passes;
  }
};

const Family& StepsDescription::family() {
  static const Family family{.name = "steps",
                             .title = "steps",
                             .draws = true,
                             .sampling = kStepsOptions,
                             .description = described<StepsDescription>,
                             .build = built<StepsDescription, StepsModel>,
                             .spec = nullptr};
  return family;
}

DEVICE_TEST(Inference, DrawsInSeveralPasses) {
  const auto model = Description(StepsDescription{.image = {1, 2, 1}}).build();
  Inference inference(device, *model, 2);
  const std::vector<float> latents{1, 2, 3, 4, 5, 6};  // two batches
  EXPECT_EQ(inference.decode(latents), (std::vector<float>{5, 7, 9, 11, 13, 15}));
  inference.set_sampling({1, 0.25});
  EXPECT_EQ(inference.decode(latents), (std::vector<float>{2.5f, 4.5f, 6.5f, 8.5f, 10.5f, 12.5f}));
  const size_t one = inference.decode_dispatches();
  inference.set_sampling({2, 0});
  EXPECT_GT(inference.decode_dispatches(), one + 1) << "a pass and the transition to the next";
  EXPECT_EQ(inference.decode(latents), (std::vector<float>{2, 4, 6, 8, 10, 12}));
}

DEVICE_TEST_WITH_NULL(Inference, RefusesSamplingOptionsOutOfBounds) {
  const auto model = Description(StepsDescription{.image = {1, 2, 1}}).build();
  Inference inference(device, *model, 2);
  EXPECT_EQ(inference.sampling(), (std::vector<double>{3, 0.5}));
  const auto refusal = [&](std::vector<double> values) {
    return test::error_of([&] { inference.set_sampling(std::move(values)); });
  };
  EXPECT_EQ(refusal({11, 0}), "steps: expects a whole number from 1 to 10, got 11");
  EXPECT_EQ(refusal({1.5, 0}), "steps: expects a whole number from 1 to 10, got 1.5");
  EXPECT_EQ(refusal({1, std::nan("")}), "rate: expects a number from 0 to 1, got nan");
  EXPECT_EQ(refusal({1}), "steps: expects 2 sampling options, got 1");
}

}  // namespace
}  // namespace pumice::models
