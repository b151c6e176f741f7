#include "engine/models/gan/gan_trainer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/io/layer_json.h"
#include "tests/golden/trainer.h"
#include "tests/support/devices.h"

// Ten steps of a GAN's trainer, with its own order of images, latents and dropout, against
// PyTorch: tests/golden/gan_trainer.py made the numbers and explains them.
namespace pumice {
namespace {

using golden::shape_of;
using nlohmann::json;

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

void run_gan_case(hal::Device& device, const std::string& name) {
  const json all = golden::read("gan_trainer.json");
  const json& expected = all.at("cases").at(name);
  const json& config = expected.at("config");
  golden::GoldenParameters generator;
  golden::GoldenParameters discriminator;
  const models::Gan gan(
      generator.parameters, discriminator.parameters,
      {.image = shape_of(config.at("picture")),
       .latent_size = config.at("latent"),
       .generator = io::layers_from_json(config.at("generator"), "generator"),
       .discriminator = io::layers_from_json(config.at("discriminator"), "discriminator")});
  generator.start(device, expected.at("initial"));
  discriminator.start(device, expected.at("initial"));
  const data::ImageSet images = golden::images(config, all.at("pixel_salt"));
  models::GanTrainer trainer(device, gan, generator.parameters, discriminator.parameters, nullptr,
                             {device, images, images}, options(config));
  ASSERT_NO_FATAL_FAILURE(golden::expect_steps(trainer, all, expected.at("losses")));
  generator.expect(device, expected.at("parameters"));
  discriminator.expect(device, expected.at("parameters"));
}

DEVICE_TEST(GoldenGanTrainer, real_and_fake_apart) { run_gan_case(device, "apart"); }
DEVICE_TEST(GoldenGanTrainer, real_and_fake_mixed) { run_gan_case(device, "mixed"); }

}  // namespace
}  // namespace pumice
