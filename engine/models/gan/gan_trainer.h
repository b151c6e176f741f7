#pragma once

#include "engine/models/gan/gan.h"
#include "engine/models/gan/gan_loss.h"
#include "engine/optim/weight_average.h"
#include "engine/train/trainer.h"

namespace pumice::models {

struct GanOptions {
  uint32_t batch = 128;
  GanLoss loss = GanLoss::kNonSaturating;
  /// Feed the discriminator one batch, half real, half fake, instead of a real and then a fake
  /// batch. Not for conditional GANs.
  bool mixed = false;
  uint32_t critic_steps = 1;     ///< discriminator steps per generator step
  double label_smoothing = 0;    ///< the target for real images is 1 minus this (BCE)
  bool estimates_js = false;     ///< from a Wasserstein critic's scores, taken as logits
  double gradient_penalty = 10;  ///< weight of the penalty, for kWassersteinGp
  double average_decay = 0.999;  ///< decay of the average of the generator's weights
  uint64_t seed = 1;
  train::Parallel parallel = {};
  optim::OptimizerOptions generator = {};
  optim::OptimizerOptions discriminator = {};
};

/// Trains a GAN. Each step trains the discriminator on new data; every critic_steps-th also trains
/// the generator. Metrics: d_loss (real and fake together, including the weighted penalty);
///   BCE          d_real and d_fake (mean probabilities of being real), js
///   hinge        d_real and d_fake (mean scores)
///   Wasserstein  em_distance; js if estimates_js; gradient_penalty for kWassersteinGp
/// then d_gradient_norm, g_loss, g_gradient_norm. js, an estimate of the Jensen-Shannon divergence
/// in nats, is (log 4 - BCE over real and fake) / 2; em_distance, an estimate of the earth mover's
/// distance, is mean critic(real) - mean critic(fake). The test compares test images with fresh
/// fakes: d_loss (without a penalty) and the same estimates.
class GanTrainer : public train::Trainer {
 public:
  /// Builds and compiles the programs. `device`, `gan` and its parameters (allocated) must outlive
  /// this. `average`: parameters for the moving average of the generator's
  /// weights, allocated and with the same layout, or null. Throws Error if data, networks and
  /// options do not match.
  GanTrainer(hal::Device& device, const Gan& gan, const nn::Parameters& generator,
             const nn::Parameters& discriminator, const nn::Parameters* average,
             const train::Datasets& data, const GanOptions& options);

 private:
  /// Real images and as many fake ones with the same labels, all in the networks' range.
  struct Pairs {
    Tensor real;
    Tensor fake;
    Tensor labels;
  };

  Tensor labels_of(const train::DeviceDataset::Batch& batch) const;
  Tensor fake(const Tensor& step_state, uint32_t count, const nn::ForwardContext& pass,
              const Tensor& labels) const;
  Pairs pairs(const Tensor& step_state, const train::DeviceDataset::Batch& batch,
              const nn::ForwardContext& pass) const;
  DiscriminatorLogits logits_of(const Pairs& pairs, const nn::ForwardContext& pass) const;
  Tensors build_discriminator(const Tensor& step_state) const;
  Tensors build_generator(const Tensor& step_state) const;
  Tensors build_test(const Tensor& step_state) const;
  std::vector<std::string> test_metrics() const;
  std::vector<std::string> discriminator_metrics() const;

  const Gan& gan_;
  GanOptions options_;
  optim::Optimizer generator_;
  optim::Optimizer discriminator_;
  std::optional<optim::WeightAverage> average_;
};

}  // namespace pumice::models
