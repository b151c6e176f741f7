#pragma once

#include <vector>

#include "engine/hal/device.h"
#include "engine/nn/network.h"

namespace pumice::test {

/// What layers with new parameters make of inputs of shape `x`, the batch first, in inference.
std::vector<float> run_network(hal::Device& device, const std::vector<nn::Layer>& layers,
                               const Shape& x, const std::vector<float>& values);

}  // namespace pumice::test
