#pragma once

#include "engine/data/image_set.h"
#include "engine/models/model.h"
#include "engine/train/trainer.h"
#include "native/recipes/recipe.h"

namespace pumice {

/// What networks have to know of a data set.
struct PictureKind {
  Shape picture;         ///< [height, width, channels]
  uint32_t classes = 0;  ///< 0: without labels
};

struct TrainingData {
  data::ImageSet train;
  data::ImageSet test;
};

PictureKind picture_kind(const data::ImageSet& images);
/// Without reading it: of folders of pictures the number of classes is not known, and 0. Throws
/// Error for an unknown data set.
PictureKind picture_kind(const Recipe::Data& data);

/// The networks that a recipe asks for. Throws Error, naming the layer or key, when they do not fit
/// the pictures.
models::Description describe_model(const Recipe& recipe, const PictureKind& kind);
models::ModelOptions model_options(const Recipe& recipe);

/// Pictures of the data set that a step takes.
uint32_t images_per_step(const Recipe& recipe);

/// Trains `model`, described by the same recipe, as that says. Throws Error as the trainers do.
std::unique_ptr<train::Trainer> make_trainer(hal::Device& device, const models::Model& model,
                                             const Recipe& recipe, const TrainingData& data);

}  // namespace pumice
