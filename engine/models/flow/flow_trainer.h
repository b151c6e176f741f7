#pragma once

#include <optional>

#include "engine/models/flow/flow.h"
#include "engine/optim/weight_average.h"
#include "engine/train/trainer.h"

namespace pumice::models {

struct FlowOptions {
  uint32_t batch = 128;
  double label_drop = 0;     ///< the fraction of labels that a conditional flow trains without
  double average_decay = 0;  ///< of the moving average of the weights
  uint64_t seed = 1;
  train::Parallel parallel = {};
  optim::OptimizerOptions optimizer;
};

/// Trains a rectified flow: each step draws noise and a time for each image.
class FlowTrainer : public train::Trainer {
 public:
  /// `average`: laid out like `parameters`, or null. All but `options` must outlive this.
  FlowTrainer(hal::Device& device, const Flow& flow, const nn::Parameters& parameters,
              const nn::Parameters* average, const train::Datasets& data,
              const FlowOptions& options);

 private:
  Tensor loss(const Tensor& step_state, const Tensor& images, const Tensor& condition,
              const nn::ForwardContext& pass) const;
  Tensor condition_of(const train::DeviceDataset::Batch& batch) const;
  Tensor dropped(const Tensor& step_state, const Tensor& condition) const;
  Tensors build_train(const Tensor& step_state) const;
  Tensors build_test(const Tensor& step_state) const;

  const Flow& flow_;
  FlowOptions options_;
  optim::Optimizer optimizer_;
  std::optional<optim::WeightAverage> average_;
};

}  // namespace pumice::models
