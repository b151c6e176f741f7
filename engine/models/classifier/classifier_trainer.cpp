#include "engine/models/classifier/classifier_trainer.h"

#include <algorithm>

#include "engine/base/require.h"
#include "engine/ops/ops.h"

namespace pumice::models {

ClassifierTrainer::ClassifierTrainer(hal::Device& device, const Classifier& classifier,
                                     const nn::Parameters& parameters, const train::Datasets& data,
                                     const ClassifierOptions& options)
    : train::Trainer(device, data,
                     {.name = "classifier",
                      .image = classifier.description().image,
                      .classes = classifier.description().classes,
                      .batch = options.batch,
                      .seed = options.seed,
                      .parallel = options.parallel}),
      classifier_(classifier),
      options_(options),
      optimizer_(device, parameters, options.optimizer) {
  const Shape& image = classifier.description().image;
  const uint32_t crop = options.augmentation.crop;
  require(crop < std::min(image[0], image[1]),
          "classifier: expects a crop smaller than the images of {}, got {}", image, crop);
  const std::vector<std::string> metrics = {"loss", "accuracy"};
  add_parameters(parameters);
  add_optimizer(optimizer_);
  add_program({.name = "train", .metrics = metrics, .build = [this](const Tensor& step_state) {
                 return build_train(step_state);
               }});
  set_test({.name = "test", .metrics = metrics, .build = [this](const Tensor& step_state) {
              return build_test(step_state);
            }});
}

Tensors ClassifierTrainer::build_train(const Tensor& step_state) const {
  train::DeviceDataset::Batch batch =
      train_set().shuffled_batch(step_state, options_.batch, options_.augmentation);
  Tensor logits = classifier_.logits(batch.images, training_pass(step_state));
  Tensor loss = ops::mean(ops::softmax_cross_entropy(logits, batch.labels));
  Tensor accuracy = ops::mean(ops::is_correct(logits, batch.labels));
  optimizer_.step(loss, step_state);
  return {loss, accuracy};
}

Tensors ClassifierTrainer::build_test(const Tensor& step_state) const {
  train::DeviceDataset::Batch batch = test_batch(step_state);
  Tensor logits = classifier_.logits(batch.images);
  Tensor losses = ops::softmax_cross_entropy(logits, batch.labels);
  Tensor correct = ops::is_correct(logits, batch.labels);
  return {ops::sum(ops::multiply(losses, batch.weights)),
          ops::sum(ops::multiply(correct, batch.weights))};
}

}  // namespace pumice::models
