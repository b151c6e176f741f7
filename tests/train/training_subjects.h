#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/hal/cpu/cpu_device.h"
#include "engine/models/classifier/classifier_trainer.h"
#include "engine/models/flow/flow_trainer.h"
#include "engine/models/gan/gan_trainer.h"
#include "engine/models/vae/vae_trainer.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/dropout.h"
#include "engine/nn/layers/linear.h"
#include "tests/train/bars.h"

// A small model of each family with its trainer, for tests of training by several ranks.
namespace pumice::test {

/// A network with its trainer, on a device of its own.
struct Subject {
  virtual ~Subject() = default;
  virtual train::Trainer& trainer() = 0;
  virtual std::vector<const nn::Parameters*> parameters() const = 0;

  std::unique_ptr<hal::Device> device = hal::cpu::create_device({.threads = 1});
};

inline void prepare(hal::Device& device, std::initializer_list<nn::Parameters*> all) {
  for (nn::Parameters* parameters : all) {
    parameters->allocate(device, "parameters");
    parameters->initialize(device, 3);
  }
}

inline train::Datasets data_on(hal::Device& device) { return {device, bars(1), bars(2)}; }

template <bool kBinarizes = false>
struct VaeSubject final : Subject {
  explicit VaeSubject(const train::Parallel& parallel) {
    prepare(*device, {&parameters_});
    models::VaeOptions options{
        .batch = kBatch, .binarize = kBinarizes, .kl_warm_up_steps = 5, .parallel = parallel};
    options.optimizer = {.method = optim::Method::kAdamw, .weight_decay = 0.01, .clip_norm = 3};
    trainer_.emplace(*device, vae_, parameters_, data_on(*device), options);
  }
  train::Trainer& trainer() override { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const override { return {&parameters_}; }

  nn::Parameters parameters_;
  models::Vae vae_{
      parameters_,
      {.image = {7, 9, 1},
       .latent_size = 5,
       .encoder = {nn::Linear{.out = 23, .activation = "relu"}, nn::Dropout{.rate = 0.1},
                   nn::Linear{.out = 10}},
       .decoder = {nn::Linear{.out = 24, .activation = "leaky_relu"}, nn::Linear{.out = 63}}}};
  std::optional<models::VaeTrainer> trainer_;
};

struct GanSubject final : Subject {
  GanSubject(models::GanOptions options, bool is_normalised, bool is_spectral,
             const train::Parallel& parallel)
      : description_(description(is_normalised, is_spectral)),
        gan_(generator_, discriminator_, description_),
        averaged_(average_, unused_, description_) {
    prepare(*device, {&generator_, &discriminator_, &average_});
    options.batch = kBatch;
    options.average_decay = 0.9;
    options.parallel = parallel;
    trainer_.emplace(*device, gan_, generator_, discriminator_, &average_, data_on(*device),
                     options);
  }
  static models::GanDescription description(bool is_normalised, bool is_spectral) {
    std::vector<nn::Layer> generator = {nn::Linear{.out = 16, .activation = "relu"},
                                        nn::Linear{.out = 63, .activation = "tanh"}};
    std::vector<nn::Layer> discriminator = {
        nn::Linear{.out = 16, .spectral_norm = is_spectral, .activation = "leaky_relu"},
        nn::Dropout{.rate = 0.1}, nn::Linear{.out = 1}};
    if (is_normalised) {
      generator.insert(generator.begin() + 1, nn::BatchNorm{});
      discriminator.insert(discriminator.begin() + 1, nn::BatchNorm{.activation = "leaky_relu"});
    }
    return {.image = {7, 9, 1},
            .latent_size = 5,
            .generator = generator,
            .discriminator = discriminator};
  }
  train::Trainer& trainer() override { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const override {
    return {&generator_, &discriminator_, &average_};
  }

  models::GanDescription description_;
  nn::Parameters generator_, discriminator_, average_, unused_;
  models::Gan gan_, averaged_;
  std::optional<models::GanTrainer> trainer_;
};

struct FlowSubject final : Subject {
  explicit FlowSubject(const train::Parallel& parallel) {
    prepare(*device, {&parameters_, &average_});
    models::FlowOptions options{
        .batch = kBatch, .label_drop = 0.2, .average_decay = 0.9, .parallel = parallel};
    options.optimizer = {.clip_norm = 0.5};
    trainer_.emplace(*device, flow_, parameters_, &average_, data_on(*device), options);
  }
  static models::FlowDescription description() {
    return {.image = {7, 9, 1},
            .latent_size = 63,
            .classes = kBarClasses,
            .time_size = 8,
            .velocity = {nn::Linear{.out = 24, .activation = "silu"}, nn::Linear{.out = 63}}};
  }
  train::Trainer& trainer() override { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const override {
    return {&parameters_, &average_};
  }

  nn::Parameters parameters_, average_;
  models::Flow flow_{parameters_, description()}, averaged_{average_, description()};
  std::optional<models::FlowTrainer> trainer_;
};

struct ClassifierSubject final : Subject {
  explicit ClassifierSubject(const train::Parallel& parallel) {
    prepare(*device, {&parameters_});
    models::ClassifierOptions options{
        .batch = kBatch, .parallel = parallel, .augmentation = {.flip = true, .crop = 2}};
    options.optimizer = {.method = optim::Method::kSgd,
                         .learning_rate = 0.02,
                         .momentum = 0.9,
                         .weight_decay = 0.01};
    trainer_.emplace(*device, classifier_, parameters_, data_on(*device), options);
  }
  train::Trainer& trainer() override { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const override { return {&parameters_}; }

  nn::Parameters parameters_;
  models::Classifier classifier_{
      parameters_,
      {.image = {7, 9, 1},
       .classes = kBarClasses,
       .layers = {nn::Linear{.out = 16, .activation = "relu"}, nn::Linear{.out = kBarClasses}}}};
  std::optional<models::ClassifierTrainer> trainer_;
};

}  // namespace pumice::test
