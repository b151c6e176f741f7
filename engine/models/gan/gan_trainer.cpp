#include "engine/models/gan/gan_trainer.h"

#include "engine/ops/ops.h"

namespace pumice::models {
namespace {

/// Real images in a discriminator step.
uint32_t real_images(const Gan& gan, const GanOptions& options) {
  if (!options.mixed) return options.batch;
  require(options.batch % 2 == 0, "gan: half real, half fake expects an even batch, got {}",
          options.batch);
  require(gan.description().classes == 0,
          "gan: mixed batches are not supported with classes: 'mixed' must be false");
  return options.batch / 2;
}

void check(const GanOptions& options) {
  require(options.critic_steps > 0, "gan: expects at least 1 critic step, got 0");
  require(options.label_smoothing >= 0 && options.label_smoothing < 1,
          "gan: expects a label smoothing from 0 to below 1, got {}", options.label_smoothing);
  require(options.gradient_penalty >= 0, "gan: expects a gradient penalty >= 0, got {}",
          options.gradient_penalty);
  require(options.loss != GanLoss::kWasserstein || options.discriminator.clip_weights > 0,
          "gan: the Wasserstein loss without a penalty expects clipping of the critic's weights");
}

}  // namespace

GanTrainer::GanTrainer(hal::Device& device, const Gan& gan, const nn::Parameters& generator,
                       const nn::Parameters& discriminator, const nn::Parameters* average,
                       const train::Datasets& data, const GanOptions& options)
    : train::Trainer(device, data,
                     {.name = "gan",
                      .image = gan.description().image,
                      .classes = gan.description().classes,
                      .batch = real_images(gan, options),
                      .seed = options.seed,
                      .parallel = options.parallel}),
      gan_(gan),
      options_(options),
      generator_(device, generator, options.generator),
      discriminator_(device, discriminator, options.discriminator) {
  check(options);
  add_parameters(generator);
  add_parameters(discriminator);
  add_optimizer(generator_);
  add_optimizer(discriminator_);
  if (average != nullptr) {
    average_.emplace(generator, *average, options.average_decay);
    add_parameters(*average);
  }
  add_program(
      {.name = "train.discriminator",
       .metrics = discriminator_metrics(),
       .build = [this](const Tensor& step_state) { return build_discriminator(step_state); }});
  add_program({.name = "train.generator",
               .every = options.critic_steps,
               .metrics = {"g_loss", "g_gradient_norm"},
               .build = [this](const Tensor& step_state) { return build_generator(step_state); }});
  set_test({.name = "test", .metrics = test_metrics(), .build = [this](const Tensor& step_state) {
              return build_test(step_state);
            }});
}

std::vector<std::string> GanTrainer::test_metrics() const {
  std::vector<std::string> names = logit_metric_names(options_.loss, options_.estimates_js);
  names.insert(names.begin(), "d_loss");
  return names;
}

std::vector<std::string> GanTrainer::discriminator_metrics() const {
  std::vector<std::string> names = test_metrics();
  if (options_.loss == GanLoss::kWassersteinGp) names.push_back("gradient_penalty");
  names.push_back("d_gradient_norm");
  return names;
}

Tensor GanTrainer::labels_of(const train::DeviceDataset::Batch& batch) const {
  return gan_.description().classes > 0 ? batch.labels : Tensor{};
}

Tensor GanTrainer::fake(const Tensor& step_state, uint32_t count, const nn::ForwardContext& pass,
                        const Tensor& labels) const {
  Tensor latents = ops::normal(step_state, {count, gan_.description().latent_size});
  return gan_.generate(latents, pass, labels);
}

GanTrainer::Pairs GanTrainer::pairs(const Tensor& step_state,
                                    const train::DeviceDataset::Batch& batch,
                                    const nn::ForwardContext& pass) const {
  Tensor labels = labels_of(batch);
  return {.real = gan_.to_range(batch.images),
          .fake = fake(step_state, batch.images.shape()[0], pass, labels),
          .labels = labels};
}

DiscriminatorLogits GanTrainer::logits_of(const Pairs& pairs,
                                          const nn::ForwardContext& pass) const {
  if (!options_.mixed) {
    return {.real = gan_.discriminate(pairs.real, pass, pairs.labels),
            .fake = gan_.discriminate(pairs.fake, pass, pairs.labels)};
  }
  const uint32_t half = pairs.real.shape()[0];
  Tensor both = gan_.discriminate(ops::concat({pairs.real, pairs.fake}, 0), pass);
  return {.real = ops::slice(both, 0, 0, half), .fake = ops::slice(both, 0, half, half)};
}

Tensors GanTrainer::build_discriminator(const Tensor& step_state) const {
  const nn::ForwardContext pass = training_pass(step_state);
  const uint32_t count = real_images(gan_, options_);
  const Pairs pairs = this->pairs(step_state, train_set().shuffled_batch(step_state, count), pass);
  const DiscriminatorLogits logits = logits_of(pairs, pass);
  auto mean = [](const Tensor& x) { return ops::mean(x); };
  const Tensor hard = discriminator_loss(options_.loss, logits, 0);
  Tensors metrics = logit_metrics(options_.loss, options_.estimates_js, logits, hard, mean);
  Tensor loss = mean(options_.label_smoothing == 0
                         ? hard
                         : discriminator_loss(options_.loss, logits, options_.label_smoothing));
  if (options_.loss == GanLoss::kWassersteinGp) {
    auto critic = [&](const Tensor& x) { return gan_.discriminate(x, pass, pairs.labels); };
    Tensor share = ops::uniform(step_state, {pairs.real.shape()[0], 1});
    metrics.push_back(gradient_penalty(critic, pairs.real, pairs.fake, share));
    loss = ops::add(loss,
                    ops::affine(metrics.back(), static_cast<float>(options_.gradient_penalty), 0));
  }
  metrics.insert(metrics.begin(), loss);
  metrics.push_back(discriminator_.step(loss, step_state));
  return metrics;
}

Tensors GanTrainer::build_generator(const Tensor& step_state) const {
  const nn::ForwardContext pass = training_pass(step_state);
  const bool is_conditional = gan_.description().classes > 0;
  const uint32_t rows = step_state.graph().rows_of(options_.batch);
  Tensor labels =
      is_conditional ? train_set().shuffled_batch(step_state, options_.batch).labels : Tensor{};
  Tensor logits = gan_.discriminate(fake(step_state, rows, pass, labels), pass, labels);
  Tensor loss = generator_loss(options_.loss, logits);
  Tensor norm = generator_.step(loss, step_state);
  if (average_) average_->update(step_state);
  return {loss, norm};
}

Tensors GanTrainer::build_test(const Tensor& step_state) const {
  const train::DeviceDataset::Batch batch = test_batch(step_state);
  const DiscriminatorLogits logits = logits_of(pairs(step_state, batch, {}), {});
  auto sum = [&](const Tensor& x) { return ops::sum(ops::multiply(x, batch.weights)); };
  const Tensor hard = discriminator_loss(options_.loss, logits, 0);
  Tensors metrics = logit_metrics(options_.loss, options_.estimates_js, logits, hard, sum);
  metrics.insert(metrics.begin(), sum(hard));
  return metrics;
}

}  // namespace pumice::models
