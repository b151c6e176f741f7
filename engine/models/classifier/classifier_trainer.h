#pragma once

#include "engine/models/classifier/classifier.h"
#include "engine/train/trainer.h"

namespace pumice::models {

struct ClassifierOptions {
  uint32_t batch = 128;
  uint64_t seed = 1;
  train::Parallel parallel = {};
  train::Augmentation augmentation = {};  ///< of the training images
  optim::OptimizerOptions optimizer = {};
};

/// Trains a classifier. Metrics, in training and test: loss (softmax cross entropy, nats), accuracy
/// (0 … 1).
class ClassifierTrainer : public train::Trainer {
 public:
  /// Builds and compiles the programs. `device`, `classifier` and `parameters` (allocated) must
  /// outlive this. Throws Error if data and network do not match.
  ClassifierTrainer(hal::Device& device, const Classifier& classifier,
                    const nn::Parameters& parameters, const train::Datasets& data,
                    const ClassifierOptions& options);

 private:
  Tensors build_train(const Tensor& step_state) const;
  Tensors build_test(const Tensor& step_state) const;

  const Classifier& classifier_;
  ClassifierOptions options_;
  optim::Optimizer optimizer_;
};

}  // namespace pumice::models
