#include "native/run/vae_recipe.h"

namespace pumice {

nn::VaeDescription describe_vae(const Recipe& recipe, const Shape& picture) {
  return {.picture = picture,
          .latent_size = recipe.latent_size,
          .encoder = nn::with_linear(recipe.encoder, 2 * recipe.latent_size),
          .decoder = nn::ending_with_picture(recipe.decoder, {recipe.latent_size}, picture),
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
