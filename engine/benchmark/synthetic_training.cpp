#include "engine/benchmark/synthetic_training.h"

#include "engine/benchmark/synthetic_images.h"
#include "engine/benchmark/timing.h"

namespace pumice::benchmark {
namespace {

train::Datasets datasets(hal::Device& device, const SyntheticModel& model, uint32_t images) {
  return {device, synthetic_images(model.image, model.image_classes, images),
          synthetic_images(model.image, model.image_classes, model.batch)};
}

}  // namespace

SyntheticTraining::SyntheticTraining(hal::Device& device, const SyntheticModel& model,
                                     uint32_t images)
    : batch_(model.batch),
      model_(model.spec.description(model.image, model.classes)
                 .build({.initialization = nn::initialization_by_name(model.initialization),
                         .average = model.spec.keeps_average()})) {
  model_->allocate(device);
  model_->initialize(device, model.seed);
  trainer_ = model.spec.trainer(device, *model_,
                                {.data = datasets(device, model, images),
                                 .batch = model.batch,
                                 .seed = model.seed,
                                 .parallel = model.parallel});
}

double SyntheticTraining::seconds(uint32_t steps) {
  const double begin = now();
  trainer_->run_steps(steps);
  return now() - begin;
}

}  // namespace pumice::benchmark
