#pragma once

#include "engine/models/gan/gan.h"
#include "engine/models/spec.h"
#include "engine/optim/optimizer_spec.h"

namespace pumice::models {

struct GanSpec {
  struct Loss {  ///< see GanOptions
    std::string kind = "non_saturating";
    uint32_t critic_steps = 1;
    double clip = 0.01;          ///< of "wasserstein": the critic's weights are clipped to ± this
    double penalty = 10;         ///< of "wasserstein_gp"
    double label_smoothing = 0;  ///< of "non_saturating" and "minimax"
    bool mixed_batch = false;    ///< half real, half fake
    bool js = false;             ///< of "wasserstein…": also estimate the JS divergence
    bool operator==(const Loss&) const = default;
  };

  optim::OptimizerSpec optimizer;
  /// Keys that are left out default to those of `optimizer`, if the method has them.
  optim::OptimizerSpec generator_optimizer;
  optim::OptimizerSpec discriminator_optimizer;
  Loss loss;
  double ema_decay = 0;  ///< of the moving average of the generator's weights; 0: none
  uint32_t latent_size = 0;
  /// Hidden layers. The last linear layer of each network is added: to the image, unless the
  /// generator already produces one, and to the discriminator's single output.
  std::vector<nn::Layer> generator;
  std::string output = "tanh";  ///< the generator's last activation: "tanh" or "sigmoid"
  std::vector<nn::Layer> discriminator;

  static const Family& family() { return kGan; }
  void describe(nn::Fields& fields);
  Description description(const Shape& image, uint32_t classes) const;
  std::string loss_text() const;
  bool keeps_average() const { return ema_decay > 0; }
  /// Half of a mixed batch is real.
  uint32_t images_per_step(uint32_t batch) const { return loss.mixed_batch ? batch / 2 : batch; }
  std::unique_ptr<train::Trainer> trainer(hal::Device& device, const Model& model,
                                          const TrainingInput& input) const;
  bool operator==(const GanSpec&) const = default;
};

}  // namespace pumice::models
