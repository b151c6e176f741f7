#pragma once

#include "engine/models/vae/vae.h"
#include "engine/train/trainer.h"

namespace pumice::models {

struct VaeOptions {
  uint32_t batch = 128;
  /// Replaces each value of the images, in training and test, by 1 with this value as probability
  /// and otherwise 0, drawn anew in every step (Burda et al., 2016).
  bool binarize = false;
  double kl_weight = 1;           ///< β of the β-VAE (Higgins et al., 2017)
  uint32_t kl_warm_up_steps = 0;  ///< steps over which the weight grows to it (Bowman et al., 2016)
  uint64_t seed = 1;
  train::Parallel parallel = {};
  optim::OptimizerOptions optimizer = {};
};

/// Trains a VAE. Metrics, in training and test: loss, reconstruction, kl, in nats per image; the
/// test loss uses the full kl_weight.
class VaeTrainer : public train::Trainer {
 public:
  /// Builds and compiles the programs. `device`, `vae` and `parameters` (allocated) must outlive
  /// this. Throws Error if data and network do not match.
  VaeTrainer(hal::Device& device, const Vae& vae, const nn::Parameters& parameters,
             const train::Datasets& data, const VaeOptions& options);

 private:
  Tensor images_of(const Tensor& step_state, const train::DeviceDataset::Batch& batch) const;
  Vae::Loss loss(const Tensor& step_state, const train::DeviceDataset::Batch& batch,
                 const nn::ForwardContext& pass) const;
  Tensor weighted(const Tensor& kl) const;
  Tensor warmed_up(const Tensor& kl, const Tensor& step_state) const;
  Tensors build_train(const Tensor& step_state) const;
  Tensors build_test(const Tensor& step_state) const;

  const Vae& vae_;
  VaeOptions options_;
  optim::Optimizer optimizer_;
};

}  // namespace pumice::models
