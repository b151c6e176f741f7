#pragma once

#include <vector>

#include "engine/hal/device.h"
#include "engine/nn/network.h"

namespace pumice::test {

/// The output, in inference, of layers with new parameters for inputs of shape `x`, batch first.
std::vector<float> run_network(hal::Device& device, const std::vector<nn::Layer>& layers,
                               const Shape& x, const std::vector<float>& values);

}  // namespace pumice::test
