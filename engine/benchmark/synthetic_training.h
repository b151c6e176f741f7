#pragma once

#include <memory>
#include <string>

#include "engine/models/spec.h"

namespace pumice::benchmark {

/// A model to train on synthetic images.
struct SyntheticModel {
  models::Spec spec;
  Shape image;                 ///< [height, width, channels]
  uint32_t image_classes = 0;  ///< of the images' labels
  uint32_t classes = 0;        ///< that the networks are given; 0: none
  std::string initialization = "fan_in";
  uint32_t batch = 0;
  uint64_t seed = 1;
  train::Parallel parallel = {};
};

/// Its training, ready to run.
class SyntheticTraining {
 public:
  /// `images`: in the data set; at least the batch. Throws hal::OutOfMemory.
  SyntheticTraining(hal::Device& device, const SyntheticModel& model, uint32_t images);

  train::Trainer& trainer() { return *trainer_; }
  const models::Model& model() const { return *model_; }
  uint32_t batch() const { return batch_; }
  /// Runs steps and waits for them; returns the seconds.
  double seconds(uint32_t steps);

 private:
  uint32_t batch_;
  std::unique_ptr<models::Model> model_;
  std::unique_ptr<train::Trainer> trainer_;
};

}  // namespace pumice::benchmark
