#pragma once

#include "engine/models/spec.h"
#include "engine/models/vae/vae.h"
#include "engine/optim/optimizer_spec.h"

namespace pumice::models {

struct VaeSpec {
  struct Loss {
    std::string reconstruction = "bce";  ///< "bce", on the decoder's logits, or "mse"
    bool binarize = false;               ///< only with "bce": see VaeOptions
    double kl_weight = 1;                ///< the beta of a beta-VAE
    uint32_t kl_warm_up_epochs = 0;      ///< during which the weight grows from 0
    bool operator==(const Loss&) const = default;
  };

  optim::OptimizerSpec optimizer;
  Loss loss;
  /// Hidden layers. The last linear layer of each network is added: to the latent's mean and
  /// log-variance, and to the image, unless the decoder already produces one.
  std::vector<nn::Layer> encoder;
  uint32_t latent_size = 0;
  std::vector<nn::Layer> decoder;

  static const Family& family() { return kVae; }
  void describe(nn::Fields& fields);
  Description description(const Shape& image, uint32_t classes) const;
  std::string loss_text() const {
    return (loss.binarize ? "binary " : "") + loss.reconstruction + " + kl";
  }
  std::unique_ptr<train::Trainer> trainer(hal::Device& device, const Model& model,
                                          const TrainingInput& input) const;
  bool operator==(const VaeSpec&) const = default;
};

}  // namespace pumice::models
