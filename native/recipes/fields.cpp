#include "native/recipes/fields.h"

namespace pumice {
namespace {

void describe_data(Fields& fields, Recipe::Data& data) {
  fields.choice("data.name", data.name, {"mnist", "fashion-mnist", "cifar10", "folder"});
  if (!data.name.empty() && data.name != "folder") return;
  fields.text("data.path", data.path);
  fields.whole("data.size", data.size, 1);
  fields.whole("data.channels", data.channels, 1);
  fields.color("data.background", data.background);
  fields.flag("data.strict", data.strict);
}

void describe_evaluate(Fields& fields, Recipe::Evaluate& evaluate) {
  fields.whole("evaluate.every", evaluate.every, 0);
  fields.whole("evaluate.samples", evaluate.samples, 2);
  fields.text("evaluate.extractor", evaluate.extractor);
}

void describe_method(Fields& fields, const std::string& table, Recipe::Optimizer& optimizer) {
  const std::string& name = optimizer.name;
  if (name == "adam" || name == "adamw") {
    fields.number(table + ".beta1", optimizer.beta1, kBelowOne);
    fields.number(table + ".beta2", optimizer.beta2, kBelowOne);
  }
  if (name == "rmsprop") fields.number(table + ".smoothing", optimizer.smoothing, kBelowOne);
  if (name != "sgd") fields.number(table + ".epsilon", optimizer.epsilon, kPositive);
  if (name == "sgd" || name == "rmsprop") {
    fields.number(table + ".momentum", optimizer.momentum, kBelowOne);
  }
  if (name == "sgd") fields.flag(table + ".nesterov", optimizer.nesterov);
  if (name != "adam") fields.number(table + ".weight_decay", optimizer.weight_decay, kNotNegative);
}

void describe_optimizer(Fields& fields, const std::string& table, Recipe::Optimizer& optimizer) {
  fields.choice(table + ".name", optimizer.name, {"adam", "adamw", "rmsprop", "sgd"});
  fields.number(table + ".learning_rate", optimizer.learning_rate, kPositive);
  describe_method(fields, table, optimizer);
  fields.number(table + ".clip_norm", optimizer.clip_norm, kNotNegative);
  fields.whole(table + ".warm_up_epochs", optimizer.warm_up_epochs, 0);
  fields.choice(table + ".decay", optimizer.decay, {"none", "cosine", "step", "exponential"});
  if (optimizer.decay == "none") return;
  fields.whole(table + ".decay_epochs", optimizer.decay_epochs, 1);
  const bool may_end_at_zero = optimizer.decay == "cosine";
  fields.number(table + ".decay_factor", optimizer.decay_factor,
                may_end_at_zero ? kNotNegative : kShare);
}

void describe_vae(Fields& fields, Recipe& recipe) {
  describe_optimizer(fields, "optimizer", recipe.optimizer);
  fields.choice("loss.reconstruction", recipe.loss.reconstruction, {"bce", "mse"});
  fields.number("loss.kl_weight", recipe.loss.kl_weight, kNotNegative);
  fields.whole("loss.kl_warm_up_epochs", recipe.loss.kl_warm_up_epochs, 0);
  fields.layers("encoder.layers", recipe.encoder);
  fields.whole("latent.size", recipe.latent_size, 1);
  fields.layers("decoder.layers", recipe.decoder);
}

void describe_gan_loss(Fields& fields, Recipe::Loss& loss) {
  fields.choice("loss.kind", loss.kind,
                {"non_saturating", "minimax", "wasserstein", "wasserstein_gp", "hinge"});
  fields.whole("loss.critic_steps", loss.critic_steps, 1);
  if (loss.kind == "wasserstein") fields.number("loss.clip", loss.clip, kPositive);
  if (loss.kind == "wasserstein_gp") fields.number("loss.penalty", loss.penalty, kNotNegative);
  if (loss.kind == "non_saturating" || loss.kind == "minimax") {
    fields.number("loss.label_smoothing", loss.label_smoothing, kBelowOne);
  }
  fields.flag("loss.mixed_batch", loss.mixed_batch);
}

void describe_gan(Fields& fields, Recipe& recipe) {
  describe_optimizer(fields, "optimizer", recipe.optimizer);
  if (fields.reads()) {
    recipe.generator_optimizer = recipe.discriminator_optimizer = recipe.optimizer;
  }
  describe_optimizer(fields, "generator_optimizer", recipe.generator_optimizer);
  describe_optimizer(fields, "discriminator_optimizer", recipe.discriminator_optimizer);
  describe_gan_loss(fields, recipe.loss);
  fields.number("ema.decay", recipe.ema_decay, kBelowOne);
  fields.whole("latent.size", recipe.latent_size, 1);
  fields.layers("generator.layers", recipe.generator);
  fields.choice("generator.output", recipe.output, {"tanh", "sigmoid"});
  fields.layers("discriminator.layers", recipe.discriminator);
}

void describe_classifier(Fields& fields, Recipe& recipe) {
  fields.flag("augmentation.flip", recipe.augmentation.flip);
  fields.whole("augmentation.crop", recipe.augmentation.crop, 0);
  describe_optimizer(fields, "optimizer", recipe.optimizer);
  fields.layers("classifier.layers", recipe.classifier);
}

}  // namespace

void describe(Fields& fields, Recipe& recipe) {
  fields.identifier("name", recipe.name);
  fields.choice("model", recipe.model, {"vae", "gan", "classifier"});
  fields.whole("seed", recipe.seed, 0);
  fields.choice("initialization", recipe.initialization, {"fan_in", "glorot", "he", "dcgan"});
  if (recipe.model != "classifier") fields.flag("conditional", recipe.conditional);
  describe_data(fields, recipe.data);
  fields.whole("train.epochs", recipe.train.epochs, 1);
  fields.whole("train.batch", recipe.train.batch, 1);
  if (recipe.model != "classifier") describe_evaluate(fields, recipe.evaluate);
  if (recipe.model == "gan") return describe_gan(fields, recipe);
  if (recipe.model == "classifier") return describe_classifier(fields, recipe);
  describe_vae(fields, recipe);
}

}  // namespace pumice
