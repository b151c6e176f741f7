#pragma once

#include <string_view>
#include <vector>

#include "engine/nn/layer.h"

namespace pumice::models {

/// Throws Error, naming the layer of `network` and giving `reason`, unless the last activation
/// applied to the layers' output is `expected`.
void require_last_activation(std::string_view network, const std::vector<nn::Layer>& layers,
                             std::string_view expected, std::string_view reason);

}  // namespace pumice::models
