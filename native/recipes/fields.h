#pragma once

#include "engine/nn/fields.h"
#include "native/recipes/recipe.h"

namespace pumice {

using nn::Bounds;
using nn::Fields;

/// Visits every key of a recipe, those outside tables first. This is the only list of them, apart
/// from the keys of a family, which its spec describes.
void describe(Fields& fields, Recipe& recipe);

}  // namespace pumice
