#pragma once

#include "engine/data/image_set.h"
#include "engine/models/model.h"
#include "engine/train/trainer.h"
#include "native/recipes/recipe.h"

namespace pumice {

/// The properties of a data set that networks depend on.
struct ImageKind {
  Shape image;           ///< [height, width, channels]
  uint32_t classes = 0;  ///< 0: without labels
};

struct TrainingData {
  data::ImageSet train;
  data::ImageSet test;
};

ImageKind image_kind(const data::ImageSet& images);
/// Does not read the data: for folders of images, whose classes are unknown, it assumes ten. Throws
/// Error for an unknown data set.
ImageKind image_kind(const Recipe::Data& data);

/// The networks that a recipe describes. Throws Error, naming the layer or key, if they do not fit
/// the images.
models::Description describe_model(const Recipe& recipe, const ImageKind& kind);
models::ModelOptions model_options(const Recipe& recipe);

/// The number of images of the data set in a step.
uint32_t images_per_step(const Recipe& recipe);

/// The data in a device's memory. Throws Error as train::Datasets does.
train::Datasets upload(hal::Device& device, const TrainingData& data);

/// Makes the trainer of `model`, which the same recipe describes, of one of the ranks that train
/// it. Throws Error as the trainers do.
std::unique_ptr<train::Trainer> make_trainer(hal::Device& device, const models::Model& model,
                                             const Recipe& recipe, const train::Datasets& data,
                                             train::Ranks& ranks = train::single_rank());

}  // namespace pumice
