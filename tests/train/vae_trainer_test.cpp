#include "engine/train/vae_trainer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"
#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"

namespace pumice::test {
namespace {

constexpr uint32_t kBatch = 16;
constexpr uint32_t kStepsPerEpoch = 12;

/// Pictures of 7 × 9 with a bright bar somewhere, and a few more than whole batches.
data::ImageSet bars(uint32_t seed) {
  data::ImageSet set{.count = kBatch * kStepsPerEpoch + 5, .height = 7, .width = 9};
  PhiloxStream random(seed, 0);
  set.pixels.resize(set.count * set.image_size());
  for (uint32_t i = 0; i < set.count; ++i) {
    uint32_t row = random.bits() % set.height;
    for (uint32_t x = 0; x < set.width; ++x) {
      set.pixels[i * set.image_size() + row * set.width + x] =
          static_cast<uint8_t>(128 + random.bits() % 128);
    }
  }
  return set;
}

/// A small VAE with its trainer, from one seed.
class Training {
 public:
  explicit Training(hal::Device& device, double learning_rate = 1e-3)
      : vae_(parameters_, {.picture = {7, 9, 1},
                           .latent_size = 5,
                           .encoder = {{.type = "linear", .out = 24, .activation = "relu"},
                                       {.type = "linear", .out = 10}},
                           .decoder = {{.type = "linear", .out = 24, .activation = "leaky_relu"},
                                       {.type = "linear", .out = 63}}}) {
    parameters_.allocate(device, "parameters");
    parameters_.initialize(device, 3);
    train::VaeOptions options{.batch = kBatch, .seed = 3};
    options.adam.learning_rate = learning_rate;
    trainer_ =
        std::make_unique<train::VaeTrainer>(device, vae_, parameters_, bars(1), bars(2), options);
  }

  train::VaeTrainer& trainer() { return *trainer_; }

  std::vector<double> losses(uint32_t steps) {
    trainer_->run_steps(steps);
    std::vector<double> losses;
    for (const auto& figures : trainer_->step_figures()) losses.push_back(figures.loss);
    return losses;
  }

 private:
  nn::Parameters parameters_;
  nn::Vae vae_;
  std::unique_ptr<train::VaeTrainer> trainer_;
};

bool go_on(const train::Progress&) { return true; }

DEVICE_TEST(VaeTrainer, ten_steps_agree_with_the_first_device) {
  static const std::vector<double> expected = Training(device).losses(10);
  const std::vector<double> found = Training(device).losses(10);
  ASSERT_EQ(found.size(), 10u);
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], 1e-4 * expected[i]) << "step " << i;
  }
}

DEVICE_TEST(VaeTrainer, repeats_to_the_bit) {
  EXPECT_EQ(Training(device).losses(10), Training(device).losses(10));
}

DEVICE_TEST(VaeTrainer, learns_and_tests_without_changing_the_run) {
  Training tested(device, 5e-3);
  Training untested(device, 5e-3);
  double before = tested.trainer().evaluate().loss;
  for (int epoch = 0; epoch < 4; ++epoch) {
    double with = tested.trainer().run_epoch(go_on).loss;
    EXPECT_EQ(with, untested.trainer().run_epoch(go_on).loss);
    tested.trainer().evaluate();
  }
  EXPECT_TRUE(tested.trainer().at_epoch_end());
  EXPECT_LT(tested.trainer().evaluate().loss, 0.8 * before);
}

DEVICE_TEST(VaeTrainer, averages_over_every_test_picture) {
  Training training(device);
  const auto figures = training.trainer().evaluate();
  EXPECT_NEAR(figures.loss, figures.reconstruction + figures.kl, 1e-4 * figures.loss);
  EXPECT_NEAR(figures.reconstruction, 63 * std::log(2.0), 5);  // an untrained decoder knows nothing
}

DEVICE_TEST(VaeTrainer, names_the_first_tensor_that_is_not_finite) {
  Training training(device, 1e6);
  std::string message = error_of([&] { training.trainer().run_epoch(go_on); });
  EXPECT_TRUE(contains(message, "training stopped at step ")) << message;
  EXPECT_TRUE(contains(message, "the loss is not finite; first in ")) << message;
  EXPECT_EQ(training.trainer().step(), 0u);  // put back to the beginning of the epoch
}

}  // namespace
}  // namespace pumice::test
