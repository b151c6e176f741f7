#include "engine/metrics/likelihood.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/base/philox.h"
#include "engine/models/classifier/classifier.h"
#include "engine/models/vae/vae_model.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"

namespace pumice::metrics {
namespace {

constexpr double kPi = 3.14159265358979323846;

models::VaeDescription description(models::Reconstruction reconstruction, uint32_t classes = 0) {
  return {.image = {3, 2, 1},
          .latent_size = 2,
          .classes = classes,
          .encoder = {nn::Linear{.out = 4}},
          .decoder = {nn::Linear{.out = 6}},
          .reconstruction = reconstruction};
}

const std::vector<float>& images() {
  static const std::vector<float> images = [] {
    std::vector<float> values(5 * 6);
    PhiloxStream random(1, 0);
    for (float& value : values) value = static_cast<float>(random.uniform());
    return values;
  }();
  return images;
}

std::vector<float> values_of(hal::Device& device, const nn::Parameters& parameters, size_t which) {
  const std::vector<std::byte> flat = device.read(*parameters.buffer())->take();
  std::vector<float> values(parameters.list()[which].shape.size());
  std::memcpy(values.data(), flat.data() + parameters.list()[which].byte_offset, values.size() * 4);
  return values;
}

std::vector<double> linear(const std::vector<float>& weight, const std::vector<float>& bias,
                           const std::vector<double>& x) {
  std::vector<double> y(bias.begin(), bias.end());
  for (size_t i = 0; i < weight.size(); ++i) y[i / x.size()] += weight[i] * x[i % x.size()];
  return y;
}

/// Element of ops::normal, the first random op of its graph, at a step:
/// shaders/include/random.glsl.
double noise(uint32_t element, uint32_t step, uint64_t seed) {
  const auto bits = philox({element / 4, 0, step, 0},
                           {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
  const uint32_t pair = element % 4 / 2 * 2;
  const double radius = std::sqrt(-2 * std::log(1 - (bits[pair] >> 8) * 0x1p-24));
  const double angle = 2 * kPi * (bits[pair + 1] >> 8) * 0x1p-24;
  return radius * (element % 2 == 0 ? std::cos(angle) : std::sin(angle));
}

double log_normal(double x, double mean, double variance) {
  return -0.5 * (std::log(2 * kPi * variance) + (x - mean) * (x - mean) / variance);
}

/// By definition, from the densities.
class Reference {
 public:
  Reference(hal::Device& device, const models::Model& model) : model_(model) {
    for (size_t i = 0; i < 4; ++i) {
      values_.push_back(values_of(device, model.as<models::VaeModel>()->vae_parameters(), i));
    }
  }

  /// log p(x|z) + log p(z) - log q(z|x).
  double log_weight(const std::vector<double>& x, const std::vector<double>& noise) const {
    const std::vector<double> moments = linear(values_[0], values_[1], x);
    std::vector<double> z(2);
    double weight = 0;
    for (size_t i = 0; i < 2; ++i) {
      const double variance = std::exp(moments[2 + i]);
      z[i] = moments[i] + std::sqrt(variance) * noise[i];
      weight += log_normal(z[i], 0, 1) - log_normal(z[i], moments[i], variance);
    }
    const std::vector<double> raw = linear(values_[2], values_[3], z);
    for (size_t i = 0; i < x.size(); ++i) weight += log_likelihood(x[i], raw[i]);
    return weight;
  }

 private:
  double log_likelihood(double x, double raw) const {
    const auto& vae = model_.as<models::VaeModel>()->vae().description();
    if (vae.reconstruction == models::Reconstruction::kSquaredError) return log_normal(x, raw, 0.5);
    const double p = 1 / (1 + std::exp(-raw));
    return x * std::log(p) + (1 - x) * std::log(1 - p);
  }

  const models::Model& model_;
  std::vector<std::vector<float>> values_;
};

/// Five images in batches of four, each with its own noise.
Likelihood expected_likelihood(const Reference& reference, const std::vector<float>& targets,
                               const LikelihoodOptions& options) {
  std::vector<double> elbos;
  std::vector<double> log_likelihoods;
  for (uint32_t image = 0; image < 5; ++image) {
    const std::vector<double> x(&targets[image * 6], &targets[image * 6] + 6);
    double sum = 0;
    double mean = 0;
    for (uint32_t sample = 0; sample < options.samples; ++sample) {
      const uint32_t step = image / options.batch * options.samples + sample;
      const uint32_t element = image % options.batch * 2;
      const double weight = reference.log_weight(
          x, {noise(element, step, options.seed), noise(element + 1, step, options.seed)});
      mean += weight / options.samples;
      sum += std::exp(weight) / options.samples;
    }
    elbos.push_back(mean);
    log_likelihoods.push_back(std::log(sum));
  }
  return {.elbo = estimate_of(elbos), .log_likelihood = estimate_of(log_likelihoods)};
}

void expect_close(const Likelihood& found, const Likelihood& expected) {
  constexpr double kTolerance = 2e-5;
  EXPECT_NEAR(found.elbo.mean, expected.elbo.mean, kTolerance);
  EXPECT_NEAR(found.elbo.deviation, expected.elbo.deviation, kTolerance);
  EXPECT_NEAR(found.log_likelihood.mean, expected.log_likelihood.mean, kTolerance);
  EXPECT_NEAR(found.log_likelihood.deviation, expected.log_likelihood.deviation, kTolerance);
}

std::unique_ptr<models::Model> started(hal::Device& device,
                                       const models::Description& description) {
  std::unique_ptr<models::Model> model = description.build();
  model->allocate(device);
  model->initialize(device, 3);
  return model;
}

constexpr LikelihoodOptions kOptions{.samples = 7, .batch = 4, .seed = 5 + (9ull << 32)};

DEVICE_TEST(Likelihood, OfABernoulliDecoder) {
  const auto model = started(device, description(models::Reconstruction::kBce));
  std::vector<float> targets;
  for (float pixel : images()) targets.push_back(pixel > 0.5f ? 1 : 0);
  const Likelihood found = log_likelihood(device, *model, images(), {}, kOptions);
  expect_close(found, expected_likelihood(Reference(device, *model), targets, kOptions));
  EXPECT_EQ(found.images, 5u);
  EXPECT_EQ(found.samples, 7u);
  EXPECT_EQ(found.distribution, "Bernoulli, pixels above 0.5");
}

DEVICE_TEST(Likelihood, OfGreyPixels) {
  for (const auto reconstruction :
       {models::Reconstruction::kBce, models::Reconstruction::kSquaredError}) {
    const auto model = started(device, description(reconstruction));
    LikelihoodOptions options = kOptions;
    options.binarization = Binarization::kNone;
    expect_close(log_likelihood(device, *model, images(), {}, options),
                 expected_likelihood(Reference(device, *model), images(), options));
  }
}

DEVICE_TEST(Likelihood, DrawsPixelsBySeedAlone) {
  const auto model = started(device, description(models::Reconstruction::kBce));
  // With black and white pixels nothing is random.
  const std::vector<float> certain{0, 1, 1, 0, 0, 1};
  const LikelihoodOptions drawn{.samples = 3, .binarization = Binarization::kRandom};
  const LikelihoodOptions cut{.samples = 3};
  EXPECT_EQ(log_likelihood(device, *model, certain, {}, drawn).elbo.mean,
            log_likelihood(device, *model, certain, {}, cut).elbo.mean);
  const Likelihood first = log_likelihood(device, *model, images(), {}, drawn);
  EXPECT_EQ(first.elbo.mean, log_likelihood(device, *model, images(), {}, drawn).elbo.mean);
  EXPECT_NE(first.elbo.mean, log_likelihood(device, *model, images(), {}, cut).elbo.mean);
  EXPECT_EQ(first.distribution, "Bernoulli, pixels sampled from their grey values");
}

DEVICE_TEST(Likelihood, GrowsWithSamplesFromTheElbo) {
  const auto model = started(device, description(models::Reconstruction::kBce));
  const Likelihood one = log_likelihood(device, *model, images(), {}, {.samples = 1});
  EXPECT_DOUBLE_EQ(one.elbo.mean, one.log_likelihood.mean);
  const Likelihood many = log_likelihood(device, *model, images(), {}, {.samples = 50});
  EXPECT_LT(many.elbo.mean, many.log_likelihood.mean);
}

/// x = w·z + b + noise of variance 1/2 has a normal marginal, and the encoder can be the true
/// posterior: then every log-weight is log p(x).
DEVICE_TEST(Likelihood, OfALinearModelIsKnown) {
  constexpr double kWeights[] = {0.8, -0.5};
  constexpr double kBias[] = {0.3, 0.6};
  const double squares = kWeights[0] * kWeights[0] + kWeights[1] * kWeights[1];
  const double variance = 1 / (1 + 2 * squares);
  std::vector<std::vector<double>> values(4);
  for (double w : kWeights) values[0].push_back(2 * variance * w);
  values[0].insert(values[0].end(), {0, 0});
  values[1] = {-2 * variance * (kWeights[0] * kBias[0] + kWeights[1] * kBias[1]),
               std::log(variance)};
  values[2] = {kWeights[0], kWeights[1]};
  values[3] = {kBias[0], kBias[1]};

  models::VaeModel model(
      models::VaeDescription{.image = {1, 2, 1},
                             .latent_size = 1,
                             .encoder = {nn::Linear{.out = 2}},
                             .decoder = {nn::Linear{.out = 2}},
                             .reconstruction = models::Reconstruction::kSquaredError},
      {});
  model.allocate(device);
  const nn::Parameters& parameters = model.vae_parameters();
  std::vector<float> flat(parameters.flat_bytes() / 4);
  for (size_t i = 0; i < 4; ++i) {
    const auto at = static_cast<ptrdiff_t>(parameters.list()[i].byte_offset / 4);
    std::copy(values[i].begin(), values[i].end(), flat.begin() + at);
  }
  device.write(*parameters.buffer(), std::as_bytes(std::span(flat)));

  const std::vector<float> image{0.9f, 0.2f};
  const double d0 = image[0] - kBias[0];
  const double d1 = image[1] - kBias[1];
  const double along = (kWeights[0] * d0 + kWeights[1] * d1) / std::sqrt(squares);
  const double across = std::sqrt(d0 * d0 + d1 * d1 - along * along);
  const double truth = log_normal(along, 0, squares + 0.5) + log_normal(across, 0, 0.5);
  const Likelihood found = log_likelihood(device, model, image, {}, {.samples = 9});
  EXPECT_NEAR(found.elbo.mean, truth, 1e-5);
  EXPECT_NEAR(found.log_likelihood.mean, truth, 1e-5);
  EXPECT_EQ(found.distribution, "Gaussian of variance 1/2, grey pixels");
}

DEVICE_TEST(Likelihood, DependsOnTheClass) {
  const auto model = started(device, description(models::Reconstruction::kBce, 3));
  const auto elbo = [&](const std::vector<uint32_t>& labels) {
    return log_likelihood(device, *model, images(), labels, {.samples = 3, .batch = 2}).elbo.mean;
  };
  EXPECT_EQ(elbo({0, 1, 2, 0, 1}), elbo({0, 1, 2, 0, 1}));
  EXPECT_NE(elbo({0, 1, 2, 0, 1}), elbo({0, 1, 2, 0, 2}));
  EXPECT_EQ(test::error_of([&] {
              elbo({0, 1});
            }),
            "log_likelihood: expects 5 labels below 3, got 2");
  EXPECT_EQ(test::error_of([&] {
              elbo({0, 1, 2, 0, 3});
            }),
            "log_likelihood: expects 5 labels below 3, got 5, one of them too large");
}

DEVICE_TEST(Likelihood, RefusesWhatDoesNotFit) {
  const auto model = started(device, description(models::Reconstruction::kBce));
  const auto refuse = [&](const std::vector<float>& images, const LikelihoodOptions& options) {
    return test::error_of([&] { log_likelihood(device, *model, images, {}, options); });
  };
  EXPECT_EQ(refuse({1, 2, 3}, {}), "log_likelihood: expects images of 6 values, got 3 values");
  EXPECT_EQ(refuse({0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0}, {}),
            "log_likelihood: expects pixels of 0 … 1, got -1 in image 1");
  EXPECT_EQ(refuse(images(), {.samples = 0}),
            "log_likelihood: expects at least one sample and a batch of 1, got 0 and 100");
  const models::Description classifier(models::ClassifierDescription{
      .image = {3, 2, 1}, .classes = 3, .layers = {nn::Linear{.out = 3}}});
  EXPECT_EQ(test::error_of([&] { log_likelihood(device, *classifier.build(), images(), {}, {}); }),
            "log_likelihood: expects a vae, got a classifier");
}

}  // namespace
}  // namespace pumice::metrics
