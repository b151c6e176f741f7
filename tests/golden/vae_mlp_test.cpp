#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/models/vae/vae.h"
#include "engine/nn/layers/linear.h"
#include "engine/optim/optimizer.h"
#include "tests/golden/golden.h"
#include "tests/support/devices.h"

// Ten training steps from fixed weights, images and noise against PyTorch:
// tests/golden/vae_mlp.py made the numbers and explains the tolerances.
namespace pumice {
namespace {

using nlohmann::json;

struct Tolerances {
  double loss;      // relative
  double kl;        // relative
  double norms;     // relative
  double elements;  // absolute
};

models::VaeDescription vae_description(const json& config) {
  std::vector<uint32_t> widths = config.at("widths");
  const uint32_t latent = config.at("latent");
  const std::vector<nn::Layer> encoder{nn::Linear{.out = widths[1], .activation = "relu"},
                                       nn::Linear{.out = widths[2], .activation = "relu"}};
  const std::vector<nn::Layer> decoder(encoder.rbegin(), encoder.rend());
  return {.image = {1, widths[0], 1},
          .latent_size = latent,
          .encoder = nn::with_linear(encoder, 2 * latent),
          .decoder = nn::with_linear(decoder, widths[0])};
}

/// A training step whose images and noise the test writes.
class GoldenRun {
 public:
  GoldenRun(hal::Device& device, const json& golden)
      : device_(device),
        config_(golden.at("config")),
        salts_(golden.at("salts")),
        batch_(config_.at("batch")),
        vae_(parameters_, vae_description(config_)),
        step_state_(device, "step_state") {
    parameters_.allocate(device, "parameters");
    write_weights();
    step_state_.set(0, 0);
    images_ = device.allocate(batch_ * image_size() * 4, "images");
    noise_ = device.allocate(batch_ * latent_size() * 4, "noise");
    adam_ = std::make_unique<optim::Optimizer>(
        device, parameters_, optim::OptimizerOptions{.learning_rate = config_.at("learning_rate")});
    build();
  }

  json run(uint32_t step) {
    write(images_, salts_.at("pixels"), step * batch_ * image_size(), batch_ * image_size(),
          golden::pixel);
    write(noise_, salts_.at("noise"), step * batch_ * latent_size(), batch_ * latent_size(),
          golden::noise);
    step_->run();
    return {{"loss", step_->read_floats(loss_)[0]},
            {"reconstruction", step_->read_floats(reconstruction_)[0]},
            {"kl", step_->read_floats(kl_)[0]}};
  }

  std::vector<float> gradient(const nn::Parameter& parameter) {
    return part(adam_->gradients(), parameter);
  }
  std::vector<float> values(const nn::Parameter& parameter) {
    return part(parameters_.buffer(), parameter);
  }
  const nn::Parameters& parameters() const { return parameters_; }

 private:
  uint32_t image_size() const { return static_cast<uint32_t>(vae_.description().image.size()); }
  uint32_t latent_size() const { return vae_.description().latent_size; }

  void build() {
    graph_ = std::make_unique<Graph>(device_.limits());
    Tensor images = graph_->external(images_, {batch_, image_size()}, DType::kF32);
    Tensor noise = graph_->external(noise_, {batch_, latent_size()}, DType::kF32);
    models::Vae::Loss loss = vae_.loss(images, noise);
    reconstruction_ = ops::mean(loss.reconstruction);
    kl_ = ops::mean(loss.divergence);
    loss_ = ops::add(reconstruction_, kl_);
    adam_->step(loss_, step_state_.tensor(*graph_));
    step_state_.advance(*graph_);
    step_ =
        std::make_unique<Step>(device_, *graph_, "golden", Tensors{loss_, reconstruction_, kl_});
  }

  template <typename Formula>
  void write(const hal::BufferPtr& to, uint32_t salt, uint32_t first, uint32_t count,
             Formula formula) {
    std::vector<float> numbers(count);
    for (uint32_t i = 0; i < count; ++i) numbers[i] = formula(first + i, salt);
    device_.write(*to, std::as_bytes(std::span(numbers)));
  }

  void write_weights() {
    std::vector<float> flat(parameters_.flat_bytes() / 4);
    uint32_t fan_in = 0;
    for (const nn::Parameter& parameter : parameters_.list()) {
      if (parameter.shape.rank() == 2) fan_in = parameter.shape[1];  // a bias follows its weight
      uint32_t salt = salts_.at(parameter.name);
      for (uint32_t i = 0; i < parameter.shape.size(); ++i) {
        flat[parameter.byte_offset / 4 + i] = golden::weight(i, salt, fan_in);
      }
    }
    device_.write(*parameters_.buffer(), std::as_bytes(std::span(flat)));
  }

  std::vector<float> part(const hal::BufferPtr& flat, const nn::Parameter& parameter) {
    std::vector<float> all = to_floats(device_.read(*flat)->take(), parameters_.flat_bytes() / 4);
    auto begin = all.begin() + static_cast<ptrdiff_t>(parameter.byte_offset / 4);
    return {begin, begin + static_cast<ptrdiff_t>(parameter.shape.size())};
  }

  hal::Device& device_;
  const json& config_;
  const json& salts_;
  uint32_t batch_;
  nn::Parameters parameters_;
  models::Vae vae_;
  StepState step_state_;
  hal::BufferPtr images_;
  hal::BufferPtr noise_;
  std::unique_ptr<optim::Optimizer> adam_;
  std::unique_ptr<Graph> graph_;
  Tensor loss_;
  Tensor reconstruction_;
  Tensor kl_;
  std::unique_ptr<Step> step_;
};

double norm(const std::vector<float>& values) {
  double squares = 0;
  for (double value : values) squares += value * value;
  return std::sqrt(squares);
}

void expect_golden(hal::Device& device, const std::string& name, const Tolerances& tolerance) {
  const json golden = golden::read("vae_mlp.json").at("cases").at(name);
  const json& truth = golden.at("f64");
  GoldenRun run(device, golden);
  for (uint32_t step = 0; step < golden.at("config").at("steps"); ++step) {
    const json found = run.run(step);
    const json& expected = truth.at("losses").at(step);
    std::string where = "step " + std::to_string(step);
    golden::expect_relative(found.at("loss"), expected.at("loss"), tolerance.loss, where);
    golden::expect_relative(found.at("reconstruction"), expected.at("reconstruction"),
                            tolerance.loss, where);
    golden::expect_relative(found.at("kl"), expected.at("kl"), tolerance.kl, where + " kl");
    if (step > 0) continue;
    for (const nn::Parameter& parameter : run.parameters().list()) {
      golden::expect_relative(norm(run.gradient(parameter)),
                              truth.at("gradient_norms_of_first_step").at(parameter.name),
                              tolerance.norms, "gradient of " + parameter.name);
    }
  }
  for (const nn::Parameter& parameter : run.parameters().list()) {
    const json& expected = truth.at("parameters").at(parameter.name);
    const std::vector<float> values = run.values(parameter);
    golden::expect_relative(norm(values), expected.at("l2_norm"), tolerance.norms, parameter.name);
    for (const json& element : expected.at("elements")) {
      EXPECT_NEAR(values.at(element.at("index")), element.at("value").get<double>(),
                  tolerance.elements)
          << parameter.name << " " << element.at("index");
    }
  }
}

DEVICE_TEST(GoldenVae, ten_steps_of_the_full_network_agree_with_pytorch) {
  expect_golden(device, "full", {.loss = 1e-5, .kl = 2e-4, .norms = 1e-5, .elements = 2e-5});
}

DEVICE_TEST(GoldenVae, ten_steps_of_odd_sizes_agree_with_pytorch) {
  expect_golden(device, "small", {.loss = 1e-5, .kl = 2e-5, .norms = 1e-5, .elements = 1e-5});
}

}  // namespace
}  // namespace pumice
