#include "native/recipes/fields.h"

#include "engine/data/dataset.h"
#include "engine/hal/preferences.h"

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

// Until a model is chosen, the keys are those of the first family.
void describe_model(Fields& fields, Recipe& recipe) {
  std::string name(fields.reads() ? "" : recipe.spec.family().name);
  fields.choice("model", name, models::family_names());
  if (!fields.reads()) return;
  const models::Family* family = models::find_family(name);
  recipe.spec = (family == nullptr ? models::families().front() : family)->spec();
}

}  // namespace

void describe(Fields& fields, Recipe& recipe) {
  fields.identifier("name", recipe.name);
  describe_model(fields, recipe);
  fields.whole("seed", recipe.seed, 0);
  fields.choice("initialization", recipe.initialization, {"fan_in", "glorot", "he", "dcgan"});
  const bool draws = recipe.spec.family().draws;
  if (draws) fields.flag("conditional", recipe.conditional);
  describe_data(fields, recipe.data);
  fields.whole("train.epochs", recipe.train.epochs, 1);
  fields.whole("train.batch", recipe.train.batch, 1);
  if (fields.reads() || recipe.train.minutes > 0) {
    fields.number("train.minutes", recipe.train.minutes, nn::kNotNegative);
  }
  const Recipe::Train defaults;
  if (fields.reads() || recipe.train.checkpoint_minutes != defaults.checkpoint_minutes) {
    fields.number("train.checkpoint_minutes", recipe.train.checkpoint_minutes, nn::kNotNegative);
  }
  if (fields.reads() || recipe.train.checkpoint_steps != defaults.checkpoint_steps) {
    fields.whole("train.checkpoint_steps", recipe.train.checkpoint_steps, 0);
  }
  if (fields.reads() || recipe.train.keep_checkpoints != defaults.keep_checkpoints) {
    fields.whole("train.keep_checkpoints", recipe.train.keep_checkpoints, 1);
  }
  if (fields.reads() || recipe.train.precision != defaults.precision) {
    const auto names = hal::precision_names();
    fields.choice("train.precision", recipe.train.precision, {names.begin(), names.end()});
  }
  if (fields.reads() || recipe.train.shards != defaults.shards) {
    fields.whole("train.shards", recipe.train.shards, 0);
  }
  if (fields.reads() || recipe.train.sync_every != defaults.sync_every) {
    fields.whole("train.sync_every", recipe.train.sync_every, 1);
  }
  if (fields.reads() || recipe.train.sync_batch_norm != defaults.sync_batch_norm) {
    fields.flag("train.sync_batch_norm", recipe.train.sync_batch_norm);
  }
  if (draws) describe_evaluate(fields, recipe.evaluate);
  recipe.spec.describe(fields);
}

}  // namespace pumice
