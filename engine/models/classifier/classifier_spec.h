#pragma once

#include "engine/models/classifier/classifier.h"
#include "engine/models/spec.h"
#include "engine/optim/optimizer_spec.h"

namespace pumice::models {

struct ClassifierSpec {
  /// Random changes to training images.
  struct Augmentation {
    bool flip = false;  ///< mirror with probability 1/2
    uint32_t crop = 0;  ///< shift by up to this many pixels
    bool operator==(const Augmentation&) const = default;
  };

  Augmentation augmentation;
  optim::OptimizerSpec optimizer;
  std::vector<nn::Layer> layers;  ///< hidden layers; a linear layer to the classes is added

  static const Family& family() { return kClassifier; }
  void describe(nn::Fields& fields);
  Description description(const Shape& image, uint32_t classes) const;
  std::string loss_text() const { return "cross-entropy"; }
  std::unique_ptr<train::Trainer> trainer(hal::Device& device, const Model& model,
                                          const TrainingInput& input) const;
  bool operator==(const ClassifierSpec&) const = default;
};

}  // namespace pumice::models
