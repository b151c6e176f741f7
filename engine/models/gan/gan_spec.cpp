#include "engine/models/gan/gan_spec.h"

#include <algorithm>

#include "engine/base/require.h"
#include "engine/models/condition.h"
#include "engine/models/gan/gan_model.h"
#include "engine/models/gan/gan_trainer.h"
#include "engine/models/last_activation.h"

namespace pumice::models {
namespace {

void describe_loss(nn::Fields& fields, GanSpec::Loss& loss) {
  fields.choice("loss.kind", loss.kind,
                {"non_saturating", "minimax", "wasserstein", "wasserstein_gp", "hinge"});
  fields.whole("loss.critic_steps", loss.critic_steps, 1);
  if (loss.kind == "wasserstein") fields.number("loss.clip", loss.clip, nn::kPositive);
  if (loss.kind == "wasserstein_gp") fields.number("loss.penalty", loss.penalty, nn::kNotNegative);
  if (loss.kind.starts_with("wasserstein")) fields.flag("loss.js", loss.js);
  if (loss.kind == "non_saturating" || loss.kind == "minimax") {
    fields.number("loss.label_smoothing", loss.label_smoothing, nn::kBelowOne);
  }
  fields.flag("loss.mixed_batch", loss.mixed_batch);
}

std::vector<nn::Layer> generator_layers(const GanSpec& spec, const Shape& image, uint32_t classes) {
  std::vector<nn::Layer> layers = nn::ending_with_image(
      spec.generator, {spec.latent_size + classes}, image, spec.output, "generator");
  require_last_activation("generator", layers, spec.output, "of generator.output");
  return layers;
}

// The parameter names of a scratch critic reveal its layers, including those inside residual
// layers.
void require_second_gradients(const std::vector<nn::Layer>& critic, const Shape& input) {
  nn::Parameters parameters;
  [[maybe_unused]] const nn::Network network(parameters, "discriminator", input, critic);
  for (const nn::Parameter& parameter : parameters.list()) {
    const std::string_view name = parameter.name;
    const std::string_view layer = name.substr(0, name.rfind('.'));
    constexpr std::string_view kReason =
        "has no gradient of its gradient, which the penalty of loss.kind 'wasserstein_gp' needs";
    require(!name.ends_with(".running_mean"), "{} (batch_norm): {}; {}", layer, kReason,
            layer.find(".shortcut.") == layer.npos
                ? "use layer_norm"
                : "a residual layer that changes the shape contains one; use one that keeps it");
    require(!name.ends_with(".recurrent"), "{} (lstm): {}; use linear or conv2d", layer, kReason);
  }
}

std::vector<nn::Layer> discriminator_layers(const GanSpec& spec, const Shape& image,
                                            uint32_t classes) {
  std::vector<nn::Layer> layers = nn::with_linear(spec.discriminator, 1);
  if (spec.loss.kind == "wasserstein_gp") {
    require_second_gradients(layers, conditioned_image(image, classes, layers));
  }
  return layers;
}

GanOptions options_of(const GanSpec& spec, const TrainingInput& input) {
  const GanSpec::Loss& loss = spec.loss;
  const uint32_t images = input.data.train->count();
  const uint32_t batch = spec.images_per_step(input.batch);
  GanOptions options{
      .batch = input.batch,
      .loss = gan_loss_by_name(loss.kind),
      .mixed = loss.mixed_batch,
      .critic_steps = loss.critic_steps,
      .label_smoothing = loss.label_smoothing,
      .estimates_js = loss.js,
      .gradient_penalty = loss.penalty,
      .average_decay = spec.ema_decay,
      .seed = input.seed,
      .parallel = input.parallel,
      .generator = optim::options_of("generator_optimizer", spec.generator_optimizer,
                                     optim::updates_per_epoch(images, batch, loss.critic_steps)),
      .discriminator = optim::options_of("discriminator_optimizer", spec.discriminator_optimizer,
                                         optim::updates_per_epoch(images, batch))};
  if (loss.kind == "wasserstein") options.discriminator.clip_weights = loss.clip;
  return options;
}

}  // namespace

void GanSpec::describe(nn::Fields& fields) {
  optim::describe(fields, "optimizer", optimizer);
  optim::describe(fields, "generator_optimizer", generator_optimizer, &optimizer);
  optim::describe(fields, "discriminator_optimizer", discriminator_optimizer, &optimizer);
  describe_loss(fields, loss);
  fields.number("ema.decay", ema_decay, nn::kBelowOne);
  fields.whole("latent.size", latent_size, 1);
  fields.layers("generator.layers", generator);
  fields.choice("generator.output", output, {"tanh", "sigmoid"});
  fields.layers("discriminator.layers", discriminator);
}

std::string GanSpec::loss_text() const {
  std::string text = loss.kind;
  std::ranges::replace(text, '_', ' ');
  return text;
}

Description GanSpec::description(const Shape& image, uint32_t classes) const {
  return GanDescription{.image = image,
                        .latent_size = latent_size,
                        .classes = classes,
                        .generator = generator_layers(*this, image, classes),
                        .discriminator = discriminator_layers(*this, image, classes),
                        .range = output == "tanh" ? PixelRange::kSymmetric : PixelRange::kUnit};
}

std::unique_ptr<train::Trainer> GanSpec::trainer(hal::Device& device, const Model& model,
                                                 const TrainingInput& input) const {
  const auto& of_gan = dynamic_cast<const GanModel&>(model);
  return std::make_unique<GanTrainer>(device, of_gan.gan(), of_gan.generator(),
                                      of_gan.discriminator(), of_gan.average(), input.data,
                                      options_of(*this, input));
}

}  // namespace pumice::models
