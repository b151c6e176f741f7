#include "engine/models/vae/vae_trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/nn/layers/dropout.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/devices.h"
#include "tests/train/bars.h"
#include "tests/train/trainer_checks.h"

namespace pumice::test {
namespace {

models::VaeOptions vae_options(double learning_rate, uint32_t kl_warm_up_steps) {
  models::VaeOptions options{.batch = kBatch, .kl_warm_up_steps = kl_warm_up_steps, .seed = 3};
  options.optimizer.learning_rate = learning_rate;
  return options;
}

/// A small VAE with its trainer, from one seed.
class VaeTraining {
 public:
  explicit VaeTraining(hal::Device& device, double learning_rate = 1e-3, uint32_t classes = 0,
                       uint32_t kl_warm_up_steps = 0)
      : VaeTraining(device, vae_options(learning_rate, kl_warm_up_steps), bars(1), bars(2),
                    classes) {}

  VaeTraining(hal::Device& device, const models::VaeOptions& options, const data::ImageSet& train,
              const data::ImageSet& test, uint32_t classes = 0)
      : vae_(parameters_, {.image = {7, 9, 1},
                           .latent_size = 5,
                           .classes = classes,
                           .encoder = {nn::Linear{.out = 24, .activation = "relu"},
                                       nn::Dropout{.rate = 0.05}, nn::Linear{.out = 10}},
                           .decoder = {nn::Linear{.out = 24, .activation = "leaky_relu"},
                                       nn::Linear{.out = 63}}}) {
    parameters_.allocate(device, "parameters");
    parameters_.initialize(device, 3);
    trainer_ = std::make_unique<models::VaeTrainer>(device, vae_, parameters_,
                                                    train::Datasets(device, train, test), options);
  }

  models::VaeTrainer& trainer() { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const { return {&parameters_}; }

  std::vector<double> losses(uint32_t steps) {
    trainer_->run_steps(steps);
    std::vector<double> losses;
    for (const Metrics& metrics : trainer_->step_metrics()) {
      losses.push_back(value_of(metrics, "loss"));
    }
    return losses;
  }

 private:
  nn::Parameters parameters_;
  models::Vae vae_;
  std::unique_ptr<models::VaeTrainer> trainer_;
};

DEVICE_TEST(VaeTrainer, ten_steps_agree_with_the_first_device) {
  static const std::vector<double> expected = VaeTraining(device).losses(10);
  const std::vector<double> found = VaeTraining(device).losses(10);
  ASSERT_EQ(found.size(), 10u);
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], 1e-4 * expected[i]) << "step " << i;
  }
}

DEVICE_TEST(VaeTrainer, repeats_and_resumes_to_the_bit) {
  expect_repeats_and_resumes<VaeTraining>(device, 7, 9);
}

DEVICE_TEST(VaeTrainer, learns_and_tests_without_changing_the_run) {
  VaeTraining tested(device, 5e-3);
  VaeTraining untested(device, 5e-3);
  const double before = value_of(tested.trainer().evaluate(), "loss");
  for (int epoch = 0; epoch < 4; ++epoch) {
    const Metrics with = tested.trainer().run_epoch(keep_going);
    EXPECT_EQ(with, untested.trainer().run_epoch(keep_going));
    tested.trainer().evaluate();
  }
  EXPECT_TRUE(tested.trainer().at_epoch_end());
  EXPECT_LT(value_of(tested.trainer().evaluate(), "loss"), 0.8 * before);
}

DEVICE_TEST(VaeTrainer, averages_over_every_test_image) {
  VaeTraining training(device);
  const Metrics metrics = training.trainer().evaluate();
  const double reconstruction = value_of(metrics, "reconstruction");
  const double loss = value_of(metrics, "loss");
  EXPECT_NEAR(loss, reconstruction + value_of(metrics, "kl"), 1e-4 * loss);
  EXPECT_NEAR(reconstruction, 63 * std::log(2.0), 5);  // an untrained decoder knows nothing
}

DEVICE_TEST(VaeTrainer, reports_progress_with_late_metrics) {
  VaeTraining training(device);
  uint32_t calls = 0;
  const Metrics until = training.trainer().run_epoch([&](const train::Progress& progress) {
    EXPECT_EQ(progress.steps_per_epoch, kStepsPerEpoch);
    return ++calls < 1;
  });
  EXPECT_EQ(calls, 1u);
  EXPECT_EQ(until.size(), 3u);
  EXPECT_LT(training.trainer().step(), kStepsPerEpoch);
}

DEVICE_TEST(VaeTrainer, averages_over_intervals) {
  VaeTraining training(device);
  training.trainer().run_epoch(keep_going);
  const Metrics whole = training.trainer().run_epoch(keep_going);
  EXPECT_EQ(training.trainer().averages_by(kStepsPerEpoch).at(0).metrics, whole);
  const std::vector<train::StepMetrics> parts = training.trainer().averages_by(5);
  const std::vector<Metrics> steps = training.trainer().step_metrics();
  ASSERT_EQ(parts.size(), 3u);
  for (uint32_t part = 0, begin = 0; part < 3; ++part) {
    const uint32_t end = std::min(begin + 5, kStepsPerEpoch);
    EXPECT_EQ(parts[part].step, kStepsPerEpoch + end);
    double sum = 0;
    for (uint32_t step = begin; step < end; ++step) sum += value_of(steps[step], "loss");
    EXPECT_NEAR(value_of(parts[part].metrics, "loss"), sum / (end - begin), 1e-6 * sum);
    begin = end;
  }
}

DEVICE_TEST(VaeTrainer, warms_the_divergence_up) {
  VaeTraining training(device, 1e-3, 0, 5);
  training.trainer().run_steps(10);
  const std::vector<Metrics> steps = training.trainer().step_metrics();
  for (size_t i = 0; i < steps.size(); ++i) {
    const double weight = std::min(1.0, (i + 1) / 5.0);
    const double loss = value_of(steps[i], "loss");
    EXPECT_NEAR(loss, value_of(steps[i], "reconstruction") + weight * value_of(steps[i], "kl"),
                1e-5 * loss);
  }
}

models::VaeOptions binarizing(double learning_rate = 1e-3) {
  models::VaeOptions options = vae_options(learning_rate, 0);
  options.binarize = true;
  return options;
}

struct BinarizedVaeTraining : VaeTraining {
  explicit BinarizedVaeTraining(hal::Device& device)
      : VaeTraining(device, binarizing(), bars(1), bars(2)) {}
};

DEVICE_TEST(VaeTrainer, repeats_and_resumes_with_binarized_images) {
  expect_repeats_and_resumes<BinarizedVaeTraining>(device, 7, 9);
}

DEVICE_TEST(VaeTrainer, binarization_keeps_binary_images_and_changes_grey_ones) {
  data::ImageSet binary = bars(2);
  for (uint8_t& pixel : binary.pixels) pixel = pixel > 190 ? 255 : 0;
  const auto tested = [&](const models::VaeOptions& options, const data::ImageSet& test) {
    return VaeTraining(device, options, bars(1), test).trainer().evaluate();
  };
  EXPECT_EQ(tested(binarizing(), binary), tested(vae_options(1e-3, 0), binary));
  EXPECT_NE(tested(binarizing(), bars(2)), tested(vae_options(1e-3, 0), bars(2)));
}

DEVICE_TEST(VaeTrainer, binarization_draws_ones_with_the_grey_value_as_probability) {
  data::ImageSet grey = bars(1);
  std::ranges::fill(grey.pixels, uint8_t{64});
  VaeTraining training(device, binarizing(1e-2), grey, grey);
  for (int epoch = 0; epoch < 8; ++epoch) training.trainer().run_epoch(keep_going);
  const double p = 64.0 / 255;
  const double entropy = -p * std::log(p) - (1 - p) * std::log(1 - p);
  EXPECT_NEAR(value_of(training.trainer().evaluate(), "reconstruction"), 63 * entropy,
              0.03 * 63 * entropy);
}

DEVICE_TEST(VaeTrainer, is_conditioned_on_classes) {
  VaeTraining training(device, 1e-2, kBarClasses);
  VaeTraining without(device, 1e-2);
  for (int epoch = 0; epoch < 6; ++epoch) {
    training.trainer().run_epoch(keep_going);
    without.trainer().run_epoch(keep_going);
  }
  EXPECT_LT(value_of(training.trainer().evaluate(), "kl"),
            value_of(without.trainer().evaluate(), "kl"));  // latents need not encode the row
}

DEVICE_TEST(VaeTrainer, names_the_first_tensor_that_is_not_finite) {
  VaeTraining training(device, 1e6);
  expect_explains(device, training, "loss");
  EXPECT_EQ(training.trainer().step(), 0u);  // restored to the beginning of the epoch
}

DEVICE_TEST(VaeTrainer, finds_a_weight_that_is_not_a_number) {
  VaeTraining training(device);  // the encoder's ReLU follows it directly
  expect_finds_nan(device, training, *training.parameters()[0]);
}

DEVICE_TEST_WITH_NULL(VaeTrainer, refuses_data_without_the_classes) {
  nn::Parameters parameters;
  models::Vae vae(parameters, {.image = {7, 9, 1},
                               .latent_size = 1,
                               .classes = 5,
                               .encoder = {nn::Linear{.out = 2}},
                               .decoder = {nn::Linear{.out = 63}}});
  parameters.allocate(device, "parameters");
  auto refusal = [&](const data::ImageSet& train) {
    return error_of([&] {
      models::VaeTrainer(device, vae, parameters, {device, train, train}, {.batch = kBatch});
    });
  };
  EXPECT_TRUE(
      contains(refusal(bars(1)), "vae: expects labels of 5 classes, the training data has 7"));
  data::ImageSet unlabelled = bars(1);
  unlabelled.labels.clear();
  EXPECT_TRUE(contains(refusal(unlabelled), "the training data has 0"));
}

}  // namespace
}  // namespace pumice::test
