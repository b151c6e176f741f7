#pragma once

#include <string_view>
#include <vector>

#include "engine/nn/layer.h"

namespace pumice::models {

/// Throws Error, naming the layer of `network` and giving the reason, unless the values of the
/// pictures that the layers make went through the activation `expected` last.
void require_last_activation(std::string_view network, const std::vector<nn::Layer>& layers,
                             std::string_view expected, std::string_view reason);

}  // namespace pumice::models
