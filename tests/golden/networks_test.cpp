#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/io/layer_json.h"
#include "engine/models/gan/gan.h"
#include "engine/models/gan/gan_loss.h"
#include "engine/models/vae/vae.h"
#include "engine/optim/optimizer.h"
#include "tests/golden/formula.h"
#include "tests/golden/golden.h"
#include "tests/support/devices.h"

// Ten training steps of every family of networks against PyTorch: tests/golden/networks.py made the
// numbers and explains them.
namespace pumice {
namespace {

using golden::GoldenParameters;
using golden::shape_of;
using nlohmann::json;

// The goal is 1e-4; float32 rounding alone causes 4e-6.
constexpr double kLossTolerance = 2e-5;

const json& golden_networks() {
  static const json all = golden::read("networks.json");
  return all;
}

std::vector<nn::Layer> layers(const json& config, const char* key) {
  return io::layers_from_json(config.at(key), key);
}

optim::OptimizerOptions optimizer_options(const json& config, bool is_critic) {
  const json& given = config.at("optimizer");
  optim::OptimizerOptions options{
      .method = optim::method_by_name(given.at("name").get<std::string>()),
      .learning_rate = given.at("learning_rate")};
  options.beta1 = given.value("beta1", options.beta1);
  options.beta2 = given.value("beta2", options.beta2);
  options.smoothing = given.value("smoothing", options.smoothing);
  if (is_critic) options.clip_weights = config.value("clip_weights", 0.0);
  return options;
}

/// A case of the file, and what its programs have in common: inputs that the test writes
/// before each run.
class Case {
 public:
  Case(hal::Device& device, const json& golden)
      : device_(device),
        golden_(golden),
        config_(golden.at("config")),
        batch_(config_.at("batch")),
        pixels_(static_cast<uint32_t>(shape_of(config_.at("picture")).size())),
        latent_(config_.at("latent")),
        step_state_(device, "step_state") {}

 protected:
  static uint32_t salt(const char* name) { return pumice::golden_networks().at("salts").at(name); }

  /// Writes the n-th batch of an input with `columns` numbers per row.
  template <typename Formula>
  void write(const char* name, uint32_t columns, uint32_t number, Formula formula) {
    std::vector<float> values(batch_ * columns);
    for (uint32_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(formula(number * batch_ * columns + i, salt(name)));
    }
    device_.write(*memory(name, columns), std::as_bytes(std::span(values)));
  }

  Tensor input(Graph& graph, const char* name, uint32_t columns) {
    return graph.external(memory(name, columns), {batch_, columns}, DType::kF32);
  }

  void expect_loss(double found, const char* name, uint32_t step) const {
    const double expected = golden_.at("losses").at(step).at(name);
    EXPECT_NEAR(found, expected, kLossTolerance * std::abs(expected)) << name << ", step " << step;
  }

  hal::Device& device_;
  const json& golden_;
  const json& config_;
  uint32_t batch_;
  uint32_t pixels_;
  uint32_t latent_;
  StepState step_state_;

 private:
  const hal::BufferPtr& memory(const std::string& name, uint32_t columns) {
    hal::BufferPtr& buffer = inputs_[name];
    if (!buffer) buffer = device_.allocate(batch_ * columns * sizeof(float), name);
    return buffer;
  }

  std::map<std::string, hal::BufferPtr> inputs_;
};

class VaeCase : public Case {
 public:
  VaeCase(hal::Device& device, const json& golden)
      : Case(device, golden),
        vae_(model_.parameters, {.image = shape_of(config_.at("picture")),
                                 .latent_size = latent_,
                                 .encoder = layers(config_, "encoder"),
                                 .decoder = layers(config_, "decoder")}) {
    model_.start(device, golden.at("initial"));
  }

  void run(uint32_t steps) {
    optim::Optimizer optimizer(device_, model_.parameters, optimizer_options(config_, false));
    Graph graph(device_.limits());
    models::Vae::Loss loss = vae_.loss(input(graph, "pixels", pixels_),
                                       input(graph, "noise", latent_), {.training = true});
    Tensor reconstruction = ops::mean(loss.reconstruction);
    Tensor kl = ops::mean(loss.divergence);
    step_state_.set(0, 0);
    optimizer.step(ops::add(reconstruction, kl), step_state_.tensor(graph));
    step_state_.advance(graph);
    Step step(device_, graph, "golden", {reconstruction, kl});
    for (uint32_t i = 0; i < steps; ++i) {
      write("pixels", pixels_, i, golden::pixel);
      write("noise", latent_, i, golden::noise);
      step.run();
      expect_loss(step.read_floats(reconstruction)[0], "reconstruction", i);
      expect_loss(step.read_floats(kl)[0], "kl", i);
    }
    model_.expect(device_, golden_.at("parameters"));
  }

 private:
  GoldenParameters model_;
  models::Vae vae_;
};

class GanCase : public Case {
 public:
  GanCase(hal::Device& device, const json& golden)
      : Case(device, golden),
        gan_(generator_.parameters, discriminator_.parameters,
             {.image = shape_of(config_.at("picture")),
              .latent_size = latent_,
              .generator = layers(config_, "generator"),
              .discriminator = layers(config_, "discriminator"),
              .range = config_.value("symmetric", false) ? models::PixelRange::kSymmetric
                                                         : models::PixelRange::kUnit}),
        loss_(models::gan_loss_by_name(config_.at("loss").get<std::string>())),
        generator_step_state_(device, "generator.step_state") {
    generator_.start(device, golden.at("initial"));
    discriminator_.start(device, golden.at("initial"));
  }

  void run(uint32_t steps) {
    Graph discriminator_graph(device_.limits());
    Tensor d_loss = build_discriminator(discriminator_graph);
    Step discriminator_step(device_, discriminator_graph, "discriminator", {d_loss});
    Graph generator_graph(device_.limits());
    Tensor g_loss = build_generator(generator_graph);
    Step generator_step(device_, generator_graph, "generator", {g_loss});
    const uint32_t every = config_.at("critic_steps");
    for (uint32_t i = 0; i < steps; ++i) {
      write("pixels", pixels_, i, golden::pixel);
      write("d_noise", latent_, i, golden::noise);
      write("mix", 1, i, golden::uniform);
      discriminator_step.run();
      expect_loss(discriminator_step.read_floats(d_loss)[0], "d_loss", i);
      if ((i + 1) % every != 0) continue;
      write("g_noise", latent_, i / every, golden::noise);
      generator_step.run();
      expect_loss(generator_step.read_floats(g_loss)[0], "g_loss", i);
    }
    generator_.expect(device_, golden_.at("parameters"));
    discriminator_.expect(device_, golden_.at("parameters"));
  }

 private:
  Tensor build_discriminator(Graph& graph) {
    const nn::ForwardContext training{.training = true};
    Tensor real = gan_.to_range(input(graph, "pixels", pixels_));
    Tensor fake = gan_.generate(input(graph, "d_noise", latent_), training);
    // One after the other, since both update the running moments.
    const Tensor real_logits = gan_.discriminate(real, training);
    const Tensor fake_logits = gan_.discriminate(fake, training);
    Tensor loss = ops::mean(models::discriminator_loss(loss_, {real_logits, fake_logits}, 0));
    if (loss_ == models::GanLoss::kWassersteinGp) {
      auto critic = [&](const Tensor& x) { return gan_.discriminate(x, training); };
      Tensor penalty = models::gradient_penalty(critic, real, fake, input(graph, "mix", 1));
      loss = ops::add(loss, ops::affine(penalty, config_.at("penalty").get<float>(), 0));
    }
    update(discriminator_, step_state_, true, loss);
    return loss;
  }

  Tensor build_generator(Graph& graph) {
    const nn::ForwardContext training{.training = true};
    Tensor fake = gan_.generate(input(graph, "g_noise", latent_), training);
    Tensor loss = models::generator_loss(loss_, gan_.discriminate(fake, training));
    update(generator_, generator_step_state_, false, loss);
    return loss;
  }

  void update(GoldenParameters& network, StepState& step_state, bool is_critic,
              const Tensor& loss) {
    step_state.set(0, 0);
    optim::Optimizer optimizer(device_, network.parameters, optimizer_options(config_, is_critic));
    optimizer.step(loss, step_state.tensor(loss.graph()));
    step_state.advance(loss.graph());
  }

  GoldenParameters generator_;
  GoldenParameters discriminator_;
  models::Gan gan_;
  models::GanLoss loss_;
  StepState generator_step_state_;
};

void run_network_case(hal::Device& device, const std::string& name) {
  const json& golden_case = golden_networks().at("cases").at(name);
  const uint32_t steps = golden_networks().at("steps");
  if (golden_case.at("config").at("model") == "vae") {
    VaeCase(device, golden_case).run(steps);
  } else {
    GanCase(device, golden_case).run(steps);
  }
}

DEVICE_TEST(Golden, lstm_vae) { run_network_case(device, "lstm_vae"); }
DEVICE_TEST(Golden, lstm_sequence_vae) { run_network_case(device, "lstm_sequence_vae"); }
DEVICE_TEST(Golden, conv_gan) { run_network_case(device, "conv_gan"); }
DEVICE_TEST(Golden, dcgan) { run_network_case(device, "dcgan"); }
DEVICE_TEST(Golden, wgan) { run_network_case(device, "wgan"); }
DEVICE_TEST(Golden, wgan_gp) { run_network_case(device, "wgan_gp"); }

}  // namespace
}  // namespace pumice
