#include "engine/models/classifier/classifier_spec.h"

#include "engine/models/classifier/classifier_model.h"
#include "engine/models/classifier/classifier_trainer.h"

namespace pumice::models {

void ClassifierSpec::describe(nn::Fields& fields) {
  fields.flag("augmentation.flip", augmentation.flip);
  fields.whole("augmentation.crop", augmentation.crop, 0);
  optim::describe(fields, "optimizer", optimizer);
  fields.layers("classifier.layers", layers);
}

Description ClassifierSpec::description(const Shape& image, uint32_t classes) const {
  return ClassifierDescription{
      .image = image, .classes = classes, .layers = nn::with_linear(layers, classes)};
}

std::unique_ptr<train::Trainer> ClassifierSpec::trainer(hal::Device& device, const Model& model,
                                                        const TrainingInput& input) const {
  const auto& of_classifier = dynamic_cast<const ClassifierModel&>(model);
  const uint32_t updates = optim::updates_per_epoch(input.data.train->count(), input.batch);
  const ClassifierOptions options{
      .batch = input.batch,
      .seed = input.seed,
      .parallel = input.parallel,
      .augmentation = {.flip = augmentation.flip, .crop = augmentation.crop},
      .optimizer = optim::options_of("optimizer", optimizer, updates)};
  return std::make_unique<ClassifierTrainer>(device, of_classifier.classifier(),
                                             of_classifier.classifier_parameters(), input.data,
                                             options);
}

}  // namespace pumice::models
