#include "engine/models/flow/flow_trainer.h"

#include <gtest/gtest.h>

#include "engine/io/layer_json.h"
#include "engine/models/flow/flow_model.h"
#include "engine/models/inference.h"
#include "tests/golden/trainer.h"
#include "tests/support/devices.h"

// Ten steps of a rectified flow's trainer, with its own order of images, noise, times and dropped
// labels, then samples, against PyTorch: tests/golden/flow_trainer.py made the numbers and explains
// them.
namespace pumice {
namespace {

using golden::shape_of;
using nlohmann::json;

constexpr uint32_t kNoiseSalt = 77;
constexpr uint32_t kSamples = 4;

models::FlowDescription flow_description(const json& config) {
  const Shape image = shape_of(config.at("picture"));
  return {.image = image,
          .latent_size = static_cast<uint32_t>(image.size()),
          .classes = config.at("classes"),
          .time_size = config.at("time_size"),
          .velocity = io::layers_from_json(config.at("velocity"), "velocity")};
}

models::FlowOptions flow_options(const json& config) {
  const json& adam = config.at("optimizer");
  return {.batch = config.at("batch"),
          .label_drop = config.at("label_drop"),
          .seed = config.at("seed"),
          .optimizer = {.learning_rate = adam.at("learning_rate"),
                        .beta1 = adam.at("beta1"),
                        .beta2 = adam.at("beta2")}};
}

/// A guidance of 1 has a program of its own, which must agree with the guided one.
void expect_no_jump_at_one(models::Inference& inference, const std::vector<float>& noise,
                           const std::vector<uint32_t>& labels) {
  for (double order : {1.0, 2.0}) {
    inference.set_sampling({5, order, 1});
    const std::vector<float> plain = inference.decode(noise, labels);
    inference.set_sampling({5, order, 1.00001});
    const std::vector<float> guided = inference.decode(noise, labels);
    for (size_t i = 0; i < plain.size(); ++i) EXPECT_NEAR(plain[i], guided[i], 1e-4) << i;
  }
}

/// Five steps with a guidance of 2, as the script samples.
void expect_samples(hal::Device& device, const golden::GoldenParameters& trained,
                    const json& config, const json& expected) {
  models::FlowModel model(flow_description(config), {});
  model.allocate(device);
  device.write(*model.flow_parameters().buffer(),
               device.read(*trained.parameters.buffer())->take());
  models::Inference inference(device, model, 3);  // not a divisor of the samples
  std::vector<float> noise(kSamples * inference.latent_size());
  for (uint32_t i = 0; i < noise.size(); ++i) noise[i] = golden::noise(i, kNoiseSalt);
  const bool has_classes = inference.classes() > 0;
  std::vector<uint32_t> labels;
  for (uint32_t i = 0; has_classes && i < kSamples; ++i) labels.push_back(i % inference.classes());
  for (const char* sampler : {"euler", "midpoint"}) {
    inference.set_sampling({5, sampler == std::string("euler") ? 1.0 : 2.0, has_classes ? 2.0 : 1});
    const std::vector<float> images = inference.decode(noise, labels);
    const std::vector<double> values = expected.at(sampler);
    ASSERT_EQ(images.size(), values.size());
    for (size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(images[i], values[i], 1e-4) << i;
  }
  if (has_classes) expect_no_jump_at_one(inference, noise, labels);
}

void run_flow_case(hal::Device& device, const std::string& name) {
  const json all = golden::read("flow_trainer.json");
  const json& expected = all.at("cases").at(name);
  const json& config = expected.at("config");
  golden::GoldenParameters velocity;
  const models::Flow flow(velocity.parameters, flow_description(config));
  velocity.start(device, expected.at("initial"));
  const data::ImageSet images = golden::images(config, all.at("pixel_salt"));
  models::FlowTrainer trainer(device, flow, velocity.parameters, nullptr, {device, images, images},
                              flow_options(config));
  ASSERT_NO_FATAL_FAILURE(golden::expect_steps(trainer, all, expected.at("losses")));
  velocity.expect(device, expected.at("parameters"));
  expect_samples(device, velocity, config, expected.at("samples"));
}

DEVICE_TEST(GoldenFlowTrainer, unconditional) { run_flow_case(device, "unconditional"); }
DEVICE_TEST(GoldenFlowTrainer, conditional) { run_flow_case(device, "conditional"); }

}  // namespace
}  // namespace pumice
