#include "engine/models/gan/gan_trainer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/io/layer_json.h"
#include "tests/golden/formula.h"
#include "tests/golden/golden.h"
#include "tests/support/devices.h"

// Ten steps of a GAN's trainer, with its own order of pictures, latents and dropout, against
// PyTorch: tests/golden/gan_trainer.py made the numbers and explains them.
namespace pumice {
namespace {

using golden::shape_of;
using nlohmann::json;

// Asked for is 1e-4; float32 alone makes 3e-7.
constexpr double kLossTolerance = 1e-5;

data::ImageSet pictures(const json& config, uint32_t salt) {
  const Shape shape = shape_of(config.at("picture"));
  data::ImageSet images{.count = config.at("pictures"),
                        .height = shape[0],
                        .width = shape[1],
                        .channels = shape[2],
                        .pixels = {},
                        .labels = {}};
  for (uint32_t i = 0; i < images.count * images.image_size(); ++i) {
    images.pixels.push_back(static_cast<uint8_t>(std::nearbyint(255.0 * golden::pixel(i, salt))));
  }
  return images;
}

models::GanOptions options(const json& config) {
  const json& adam = config.at("optimizer");
  models::GanOptions options{.batch = config.at("batch"),
                             .mixed = config.at("mixed"),
                             .label_smoothing = config.at("label_smoothing"),
                             .seed = config.at("seed")};
  options.generator = {.learning_rate = adam.at("learning_rate"),
                       .beta1 = adam.at("beta1"),
                       .beta2 = adam.at("beta2")};
  options.discriminator = options.generator;
  return options;
}

void expect_losses(const std::vector<Figures>& steps, const json& expected, size_t first) {
  for (size_t i = 0; i < steps.size(); ++i) {
    for (const auto& [name, loss] : expected.at(first + i).items()) {
      EXPECT_NEAR(value_of(steps[i], name), loss, kLossTolerance * std::abs(loss.get<double>()))
          << name << ", step " << first + i;
    }
  }
}

void run_case(hal::Device& device, const std::string& name) {
  const json all = golden::read("gan_trainer.json");
  const json& expected = all.at("cases").at(name);
  const json& config = expected.at("config");
  golden::GoldenParameters generator;
  golden::GoldenParameters discriminator;
  const models::Gan gan(
      generator.parameters, discriminator.parameters,
      {.picture = shape_of(config.at("picture")),
       .latent_size = config.at("latent"),
       .generator = io::layers_from_json(config.at("generator"), "generator"),
       .discriminator = io::layers_from_json(config.at("discriminator"), "discriminator")});
  generator.start(device, expected.at("initial"));
  discriminator.start(device, expected.at("initial"));
  const data::ImageSet images = pictures(config, all.at("pixel_salt"));
  models::GanTrainer trainer(device, gan, generator.parameters, discriminator.parameters, nullptr,
                             images, images, options(config));
  const uint32_t steps = all.at("steps");
  ASSERT_LT(trainer.steps_per_epoch(), steps);
  trainer.run_steps(trainer.steps_per_epoch());
  expect_losses(trainer.step_figures(), expected.at("losses"), 0);
  trainer.run_steps(steps - trainer.steps_per_epoch());
  expect_losses(trainer.step_figures(), expected.at("losses"), trainer.steps_per_epoch());
  generator.expect(device, expected.at("parameters"));
  discriminator.expect(device, expected.at("parameters"));
}

DEVICE_TEST(GoldenGanTrainer, real_and_fake_apart) { run_case(device, "apart"); }
DEVICE_TEST(GoldenGanTrainer, real_and_fake_mixed) { run_case(device, "mixed"); }

}  // namespace
}  // namespace pumice
