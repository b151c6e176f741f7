#pragma once

#include <memory>

#include "native/benchmark/measurement.h"
#include "native/training/load_data.h"
#include "native/training/model_on_device.h"

namespace pumice::benchmark {

/// The workload with another batch.
Recipe recipe_of(const Workload& workload, uint32_t batch);

/// A recipe's training on synthetic images, ready to run.
class SyntheticTraining {
 public:
  /// `images`: in the data set; at least the batch. Throws hal::OutOfMemory.
  SyntheticTraining(hal::Device& device, const Recipe& recipe, uint32_t images);

  train::Trainer& trainer() { return *trainer_; }
  ModelOnDevice& model() { return model_; }
  const Recipe& recipe() const { return recipe_; }
  /// Runs steps and waits for them; returns the seconds.
  double seconds(uint32_t steps);

 private:
  Recipe recipe_;
  TrainingData data_;
  ModelOnDevice model_;
  std::unique_ptr<train::Trainer> trainer_;
};

/// Trains a workload for about `seconds` and compares its first losses with the reference's: at
/// least two steps; the first is not timed. If memory does not suffice, halves the batch.
/// Reports to `notify` what a slow device will take. `flops_per_second`: the device's ceiling; 0 if
/// unknown.
TrainingResult measure_training(hal::Device& device, const Workload& workload, double seconds,
                                double flops_per_second, const Notify& notify);

}  // namespace pumice::benchmark
