#pragma once

#include "web/state/model.h"

namespace pumice::web {

/// Draws a checkpoint's metadata: network, parameters, seed, metrics, loss curves.
void draw_model_card(const Model& model);

}  // namespace pumice::web
