#pragma once

#include "engine/models/gan/gan.h"
#include "engine/models/gan/gan_loss.h"
#include "engine/optim/weight_average.h"
#include "engine/train/trainer.h"

namespace pumice::models {

struct GanOptions {
  uint32_t batch = 128;
  GanLoss loss = GanLoss::kNonSaturating;
  /// Half real, half fake pictures in one batch of the discriminator, instead of a batch of each,
  /// one after the other. Not for conditional GANs.
  bool mixed = false;
  uint32_t critic_steps = 1;     ///< discriminator's steps for each of the generator
  double label_smoothing = 0;    ///< the target of real pictures is 1 minus this (BCE)
  double gradient_penalty = 10;  ///< weight of the penalty of kWassersteinGp
  double average_decay = 0.999;  ///< of the generator's average
  uint64_t seed = 1;
  optim::OptimizerOptions generator = {};
  optim::OptimizerOptions discriminator = {};
};

/// Trains a GAN. A step is one of the discriminator on new data; every critic_steps-th ends with
/// one of the generator. Figures: d_loss (real and fake together, with the weighted penalty);
///   BCE          d_real and d_fake (mean probabilities of being real), js
///   hinge        d_real and d_fake (mean opinions)
///   Wasserstein  em_distance and, with it, gradient_penalty
/// then d_gradient_norm, g_loss, g_gradient_norm. js, an estimate of the Jensen-Shannon divergence
/// in nats, is (log 4 - BCE over real and fake) / 2; em_distance, of the earth mover's, mean
/// critic(real) - mean critic(fake). On test pictures against fresh fakes: d_loss (without a
/// penalty) and the same estimates.
class GanTrainer : public train::Trainer {
 public:
  /// Builds and compiles the programs. `device`, `gan` and its parameters (allocated) must outlive
  /// this; the image sets are only read. `average`: for the moving average of the generator's
  /// weights, allocated and laid out like them, or null. Throws Error when data, networks and
  /// options do not fit.
  GanTrainer(hal::Device& device, const Gan& gan, const nn::Parameters& generator,
             const nn::Parameters& discriminator, const nn::Parameters* average,
             const data::ImageSet& train, const data::ImageSet& test, const GanOptions& options);

 private:
  /// Real pictures, and as many fake ones with the same labels, all in the networks' range.
  struct Pairs {
    Tensor real;
    Tensor fake;
    Tensor labels;
  };

  Tensor labels_of(const train::DeviceDataset::Batch& batch) const;
  Tensor fake(const Tensor& clock, uint32_t count, const nn::Pass& pass,
              const Tensor& labels) const;
  Pairs pairs(const Tensor& clock, const train::DeviceDataset::Batch& batch,
              const nn::Pass& pass) const;
  Opinions judge(const Pairs& pairs, const nn::Pass& pass) const;
  Tensors build_discriminator(const Tensor& clock) const;
  Tensors build_generator(const Tensor& clock) const;
  Tensors build_test(const Tensor& clock) const;
  std::vector<std::string> test_figures() const;
  std::vector<std::string> discriminator_figures() const;

  const Gan& gan_;
  GanOptions options_;
  optim::Optimizer generator_;
  optim::Optimizer discriminator_;
  std::optional<optim::WeightAverage> average_;
};

}  // namespace pumice::models
