#include "native/recipes/fields.h"

namespace pumice {
namespace {

void describe_data(Fields& fields, Recipe::Data& data) {
  fields.choice("data.name", data.name, {"mnist", "fashion-mnist", "cifar10", "folder"});
  if (!data.name.empty() && data.name != "folder") return;
  fields.text("data.path", data.path);
  fields.whole("data.size", data.size, 1);
  fields.whole("data.channels", data.channels, 1);
  fields.flag("data.strict", data.strict);
}

void describe_optimizer(Fields& fields, Recipe::Optimizer& optimizer) {
  fields.choice("optimizer.name", optimizer.name, {"adam"});
  fields.number("optimizer.learning_rate", optimizer.learning_rate, kPositive);
  fields.number("optimizer.beta1", optimizer.beta1, kBelowOne);
  fields.number("optimizer.beta2", optimizer.beta2, kBelowOne);
  fields.number("optimizer.epsilon", optimizer.epsilon, kPositive);
}

void describe_vae(Fields& fields, Recipe& recipe) {
  fields.choice("loss.reconstruction", recipe.loss.reconstruction, {"bce", "mse"});
  fields.number("loss.kl_weight", recipe.loss.kl_weight, kNotNegative);
  fields.layers("encoder.layers", recipe.encoder);
  fields.whole("latent.size", recipe.latent_size, 1);
  fields.layers("decoder.layers", recipe.decoder);
}

}  // namespace

void describe(Fields& fields, Recipe& recipe) {
  fields.identifier("name", recipe.name);
  fields.choice("model", recipe.model, {"vae"});
  fields.whole("seed", recipe.seed, 0);
  describe_data(fields, recipe.data);
  fields.whole("train.epochs", recipe.train.epochs, 1);
  fields.whole("train.batch", recipe.train.batch, 1);
  describe_optimizer(fields, recipe.optimizer);
  describe_vae(fields, recipe);
}

}  // namespace pumice
