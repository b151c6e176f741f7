#include "native/recipes/fields.h"

#include <fmt/format.h>

#include "engine/data/dataset.h"

namespace pumice {
namespace {

void describe_data(Fields& fields, Recipe::Data& data) {
  fields.choice("data.name", data.name, data::dataset_names());
  const data::Dataset* dataset = data::dataset_by_name(data.name);
  if (!data.name.empty() && (dataset == nullptr || dataset->has_shape())) return;
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

/// One optimizer's table. Where `base` is given, a key starts out as there; a key that the base
/// does not have (another method's) is at its default in both.
class OptimizerFields {
 public:
  OptimizerFields(Fields& fields, std::string table, Recipe::Optimizer& own,
                  const Recipe::Optimizer* base)
      : fields_(fields), table_(std::move(table)), own_(own), base_(base) {}

  void describe() {
    fields_.choice(key("name"), start(&Recipe::Optimizer::name),
                   {"adam", "adamw", "rmsprop", "sgd"});
    number("learning_rate", &Recipe::Optimizer::learning_rate, kPositive);
    describe_method(own_.name);
    number("clip_norm", &Recipe::Optimizer::clip_norm, kNotNegative);
    fields_.whole(key("warm_up_epochs"), start(&Recipe::Optimizer::warm_up_epochs), 0);
    fields_.choice(key("decay"), start(&Recipe::Optimizer::decay),
                   {"none", "cosine", "step", "exponential"});
    if (own_.decay != "none") describe_decay();
  }

 private:
  void describe_method(const std::string& name) {
    if (name == "adam" || name == "adamw") {
      number("beta1", &Recipe::Optimizer::beta1, kBelowOne);
      number("beta2", &Recipe::Optimizer::beta2, kBelowOne);
    }
    if (name == "rmsprop") number("smoothing", &Recipe::Optimizer::smoothing, kBelowOne);
    if (name != "sgd") number("epsilon", &Recipe::Optimizer::epsilon, kPositive);
    if (name == "sgd" || name == "rmsprop") {
      number("momentum", &Recipe::Optimizer::momentum, kBelowOne);
    }
    if (name == "sgd") fields_.flag(key("nesterov"), start(&Recipe::Optimizer::nesterov));
    if (name != "adam") number("weight_decay", &Recipe::Optimizer::weight_decay, kNotNegative);
  }

  void describe_decay() {
    fields_.whole(key("decay_epochs"), start(&Recipe::Optimizer::decay_epochs), 1);
    const bool may_end_at_zero = own_.decay == "cosine";
    number("decay_factor", &Recipe::Optimizer::decay_factor,
           may_end_at_zero ? kNotNegative : kShare);
  }

  void number(std::string_view name, double Recipe::Optimizer::*member, const Bounds& bounds) {
    fields_.number(key(name), start(member), bounds);
  }

  std::string key(std::string_view name) const { return fmt::format("{}.{}", table_, name); }

  template <typename Value>
  Value& start(Value Recipe::Optimizer::*member) {
    if (base_ != nullptr) own_.*member = base_->*member;
    return own_.*member;
  }

  Fields& fields_;
  std::string table_;
  Recipe::Optimizer& own_;
  const Recipe::Optimizer* base_;
};

void describe_optimizer(Fields& fields, const std::string& table, Recipe::Optimizer& own,
                        const Recipe::Optimizer* base = nullptr) {
  OptimizerFields(fields, table, own, fields.reads() ? base : nullptr).describe();
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
  describe_optimizer(fields, "generator_optimizer", recipe.generator_optimizer, &recipe.optimizer);
  describe_optimizer(fields, "discriminator_optimizer", recipe.discriminator_optimizer,
                     &recipe.optimizer);
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
