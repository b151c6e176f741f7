#include <limits>

#include "engine/base/require.h"
#include "engine/train/classifier_trainer.h"
#include "engine/train/gan_trainer.h"
#include "engine/train/vae_trainer.h"
#include "native/run/model_recipe.h"

namespace pumice {
namespace {

/// Recipes count in epochs, trainers in steps: updates of one optimizer in an epoch.
uint32_t updates_per_epoch(const TrainingData& data, uint32_t batch, uint32_t every = 1) {
  return std::max(data.train.count / std::max(batch, 1u) / every, 1u);
}

/// Steps are counted in 32 bits.
uint32_t steps_of(const std::string& key, uint32_t epochs, uint32_t updates) {
  const uint32_t most = std::numeric_limits<uint32_t>::max() / updates;
  require(epochs <= most, "{}: expects at most {} epochs of {} steps, got {}", key, most, updates,
          epochs);
  return epochs * updates;
}

optim::OptimizerOptions optimizer_options(const std::string& table, const Recipe::Optimizer& recipe,
                                          uint32_t updates) {
  return {.method = optim::method_by_name(recipe.name),
          .learning_rate = recipe.learning_rate,
          .schedule = {.warm_up_steps =
                           steps_of(table + ".warm_up_epochs", recipe.warm_up_epochs, updates),
                       .decay = optim::decay_by_name(recipe.decay),
                       .steps = steps_of(table + ".decay_epochs", recipe.decay_epochs, updates),
                       .factor = recipe.decay_factor},
          .beta1 = recipe.beta1,
          .beta2 = recipe.beta2,
          .smoothing = recipe.smoothing,
          .epsilon = recipe.epsilon,
          .momentum = recipe.momentum,
          .nesterov = recipe.nesterov,
          .weight_decay = recipe.weight_decay,
          .clip_norm = recipe.clip_norm};
}

train::VaeOptions vae_options(const Recipe& recipe, const TrainingData& data) {
  const uint32_t updates = updates_per_epoch(data, recipe.train.batch);
  return {.batch = recipe.train.batch,
          .kl_weight = recipe.loss.kl_weight,
          .kl_warm_up_steps =
              steps_of("loss.kl_warm_up_epochs", recipe.loss.kl_warm_up_epochs, updates),
          .seed = recipe.seed,
          .optimizer = optimizer_options("optimizer", recipe.optimizer, updates)};
}

train::GanOptions gan_options(const Recipe& recipe, const TrainingData& data) {
  const Recipe::Loss& loss = recipe.loss;
  const uint32_t batch = images_per_step(recipe);
  train::GanOptions options{
      .batch = recipe.train.batch,
      .loss = train::gan_loss_by_name(loss.kind),
      .mixed = loss.mixed_batch,
      .critic_steps = loss.critic_steps,
      .label_smoothing = loss.label_smoothing,
      .gradient_penalty = loss.penalty,
      .average_decay = recipe.ema_decay,
      .seed = recipe.seed,
      .generator = optimizer_options("generator_optimizer", recipe.generator_optimizer,
                                     updates_per_epoch(data, batch, loss.critic_steps)),
      .discriminator = optimizer_options("discriminator_optimizer", recipe.discriminator_optimizer,
                                         updates_per_epoch(data, batch))};
  if (loss.kind == "wasserstein") options.discriminator.clip_weights = loss.clip;
  return options;
}

train::ClassifierOptions classifier_options(const Recipe& recipe, const TrainingData& data) {
  return {.batch = recipe.train.batch,
          .seed = recipe.seed,
          .augmentation = {.flip = recipe.augmentation.flip, .crop = recipe.augmentation.crop},
          .optimizer = optimizer_options("optimizer", recipe.optimizer,
                                         updates_per_epoch(data, recipe.train.batch))};
}

}  // namespace

uint32_t images_per_step(const Recipe& recipe) {
  const bool is_mixed = recipe.model == "gan" && recipe.loss.mixed_batch;
  return is_mixed ? recipe.train.batch / 2 : recipe.train.batch;
}

std::unique_ptr<train::Trainer> make_trainer(hal::Device& device, const nn::Model& model,
                                             const Recipe& recipe, const TrainingData& data) {
  if (const auto& vae = model.vae()) {
    return std::make_unique<train::VaeTrainer>(device, vae->vae, vae->parameters, data.train,
                                               data.test, vae_options(recipe, data));
  }
  if (const auto& gan = model.gan()) {
    return std::make_unique<train::GanTrainer>(device, gan->gan, gan->generator, gan->discriminator,
                                               model.average(), data.train, data.test,
                                               gan_options(recipe, data));
  }
  const auto& classifier = model.classifier();
  return std::make_unique<train::ClassifierTrainer>(device, classifier->classifier,
                                                    classifier->parameters, data.train, data.test,
                                                    classifier_options(recipe, data));
}

}  // namespace pumice
