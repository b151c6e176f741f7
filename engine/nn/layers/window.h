#pragma once

#include <string>

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Visits the keys for the kernel size, stride and padding of a convolution.
void describe_convolution(LayerFields& fields, uint32_t& kernel, uint32_t& stride,
                          std::string& padding);

/// The text for convolutions and pooling in tables: " k3 s2"; a stride of 1 is omitted.
std::string window_text(uint32_t edge, uint32_t stride);

}  // namespace pumice::nn
