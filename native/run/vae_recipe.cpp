#include "native/run/vae_recipe.h"

namespace pumice {

nn::VaeDescription describe_vae(const Recipe& recipe, const Shape& picture) {
  return {.picture = picture,
          .latent_size = recipe.latent_size,
          .encoder = recipe.encoder,
          .decoder = recipe.decoder,
          .reconstruction = recipe.loss.reconstruction == "bce"
                                ? nn::Reconstruction::kBce
                                : nn::Reconstruction::kSquaredError};
}

train::VaeOptions vae_options(const Recipe& recipe) {
  const Recipe::Optimizer& optimizer = recipe.optimizer;
  return {.batch = recipe.train.batch,
          .kl_weight = recipe.loss.kl_weight,
          .seed = recipe.seed,
          .adam = {.learning_rate = optimizer.learning_rate,
                   .beta1 = optimizer.beta1,
                   .beta2 = optimizer.beta2,
                   .epsilon = optimizer.epsilon}};
}

}  // namespace pumice
