#pragma once

#include "web/state/model.h"

namespace pumice::web {

/// Draws what a checkpoint says of itself: network, parameters, seed, figures, loss curves.
void draw_model_card(const Model& model);

}  // namespace pumice::web
