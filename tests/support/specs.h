#pragma once

#include "engine/models/gan/gan_spec.h"
#include "engine/models/vae/vae_spec.h"
#include "native/recipes/recipe.h"

namespace pumice::test {

/// The family's keys of a recipe.
inline models::VaeSpec& vae(Recipe& recipe) { return recipe.spec.as<models::VaeSpec>(); }
inline const models::VaeSpec& vae(const Recipe& recipe) {
  return recipe.spec.as<models::VaeSpec>();
}
inline const models::GanSpec& gan(const Recipe& recipe) {
  return recipe.spec.as<models::GanSpec>();
}

}  // namespace pumice::test
