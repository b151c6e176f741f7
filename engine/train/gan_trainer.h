#pragma once

#include "engine/data/device_dataset.h"
#include "engine/nn/gan.h"
#include "engine/optim/weight_average.h"
#include "engine/train/trainer.h"

namespace pumice::train {

enum class GanLoss : uint8_t {
  kNonSaturating,  ///< BCE; the generator minimizes -log D(G(z)) (Goodfellow et al., 2014)
  kMinimax,        ///< BCE; the generator minimizes log(1 - D(G(z)))
  kWasserstein,    ///< Arjovsky et al., 2017: the critic's optimizer should clip its weights
  kWassersteinGp,  ///< with a gradient penalty (Gulrajani et al., 2017)
  kHinge,          ///< Lim and Ye, 2017
};

/// "non_saturating", "minimax", "wasserstein", "wasserstein_gp", "hinge". Throws Error, listing
/// them, when there is no such one.
GanLoss gan_loss_by_name(std::string_view name);

struct GanOptions {
  uint32_t batch = 128;
  GanLoss loss = GanLoss::kNonSaturating;
  bool mixed = false;          ///< half real, half fake pictures in one batch of the discriminator,
                               ///< instead of a batch of each, one after the other
  uint32_t critic_steps = 1;   ///< discriminator's steps for each of the generator
  double label_smoothing = 0;  ///< the target of real pictures is 1 minus this (BCE)
  double gradient_penalty = 10;  ///< weight of the penalty of kWassersteinGp
  double average_decay = 0.999;  ///< of the generator's average
  uint64_t seed = 1;
  optim::OptimizerOptions generator;
  optim::OptimizerOptions discriminator;
};

/// Trains a GAN. A step is one of the discriminator on a batch of data; every critic_steps-th ends
/// with one of the generator. Figures (d: discriminator or critic, g: generator):
///   BCE          d_loss (real + fake), d_real, d_fake (mean probabilities), js, d_gradient_norm
///   hinge        d_loss, d_real, d_fake (mean outputs), d_gradient_norm
///   Wasserstein  d_loss, em_distance, [gradient_penalty,] d_gradient_norm
/// and g_loss, g_gradient_norm. js, an estimate of the Jensen-Shannon divergence, is (log 4 - BCE
/// over real and fake) / 2, from hard labels; em_distance, of the earth mover's, mean critic(real)
/// - mean critic(fake). On test data: d_loss and js or em_distance, against fresh samples.
class GanTrainer : public Trainer {
 public:
  /// Builds and compiles the programs. `device`, `gan` and its parameters (allocated) must outlive
  /// this; the image sets are only read. `average`: laid out like the generator's parameters, for
  /// its weights' moving average, or null. Throws Error when data and networks do not fit.
  GanTrainer(hal::Device& device, const nn::Gan& gan, const nn::Parameters& generator,
             const nn::Parameters& discriminator, const nn::Parameters* average,
             const data::ImageSet& train, const data::ImageSet& test, const GanOptions& options);

 private:
  struct Logits {
    Tensor real;
    Tensor fake;
  };

  Tensors build_discriminator(Graph& graph, const Tensor& clock) const;
  Tensors build_generator(Graph& graph, const Tensor& clock) const;
  Tensors build_test(Graph& graph, const Tensor& clock) const;

  const nn::Gan& gan_;
  GanOptions options_;
  uint32_t real_;  ///< real pictures in a step of the discriminator
  data::DeviceDataset train_set_;
  data::DeviceDataset test_set_;
  optim::Optimizer generator_optimizer_;
  optim::Optimizer discriminator_optimizer_;
  std::optional<optim::WeightAverage> average_;
};

}  // namespace pumice::train
