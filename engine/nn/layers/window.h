#pragma once

#include <string>

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Visits the keys that say how the kernel of a convolution moves.
void describe_convolution(LayerFields& fields, uint32_t& kernel, uint32_t& stride,
                          std::string& padding);

/// For tables, of convolutions and poolings: " k3 s2", without a stride of 1.
std::string window_text(uint32_t edge, uint32_t stride);

}  // namespace pumice::nn
