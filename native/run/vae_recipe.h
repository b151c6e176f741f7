#pragma once

#include "engine/train/vae_trainer.h"
#include "native/recipes/recipe.h"

namespace pumice {

/// The network that a recipe asks for, on pictures of [height, width, channels].
nn::VaeDescription describe_vae(const Recipe& recipe, const Shape& picture);

/// How a recipe wants it trained.
train::VaeOptions vae_options(const Recipe& recipe);

}  // namespace pumice
