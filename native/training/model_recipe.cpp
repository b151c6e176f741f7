#include "native/training/model_recipe.h"

#include "engine/base/require.h"
#include "engine/data/dataset.h"
#include "engine/models/condition.h"

namespace pumice {
namespace {

/// The number of classes of the networks' condition or output.
uint32_t classes_for(const Recipe& recipe, const ImageKind& kind) {
  const models::Family& family = recipe.spec.family();
  if (!recipe.conditional && !family.needs_labels) return 0;
  require(kind.classes > 0, "{}: a {} expects images with classes, {} has none", recipe.name,
          recipe.conditional ? "conditional model" : family.name, recipe.data.name);
  return kind.classes;
}

}  // namespace

ImageKind image_kind(const data::ImageSet& images) {
  return {{images.height, images.width, images.channels}, images.classes()};
}

ImageKind image_kind(const Recipe::Data& data) {
  const data::Dataset& dataset = data::find_dataset(data.name);
  constexpr uint32_t kAssumedClasses = 10;
  if (!dataset.has_shape()) return {{data.size, data.size, data.channels}, kAssumedClasses};
  return {{dataset.shape[0], dataset.shape[1], dataset.shape[2]}, dataset.classes};
}

models::Description describe_model(const Recipe& recipe, const ImageKind& kind) {
  return recipe.spec.description(kind.image, classes_for(recipe, kind));
}

models::ModelOptions model_options(const Recipe& recipe) {
  return {.initialization = nn::initialization_by_name(recipe.initialization),
          .average = recipe.spec.keeps_average()};
}

uint32_t images_per_step(const Recipe& recipe) {
  return recipe.spec.images_per_step(recipe.train.batch);
}

train::Datasets upload(hal::Device& device, const TrainingData& data) {
  return {device, data.train, data.test};
}

std::unique_ptr<train::Trainer> make_trainer(hal::Device& device, const models::Model& model,
                                             const Recipe& recipe, const train::Datasets& data,
                                             train::Ranks& ranks) {
  return recipe.spec.trainer(device, model,
                             {.data = data,
                              .batch = recipe.train.batch,
                              .seed = recipe.seed,
                              .parallel = {.ranks = &ranks,
                                           .shards = recipe.train.shards,
                                           .sync_every = recipe.train.sync_every,
                                           .sync_batch_norm = recipe.train.sync_batch_norm}});
}

}  // namespace pumice
