#pragma once

#include <string_view>

#include "engine/nn/parameters.h"

namespace pumice::nn {

/// How weights are initialised.
enum class Initialization : uint8_t {
  kFanIn,   ///< weights and biases U(±1/√fan_in): PyTorch's default
  kGlorot,  ///< U(±√(6/(fan_in + fan_out))), biases 0: Keras' default (Glorot and Bengio, 2010)
  kHe,      ///< N(0, 2/fan_in), biases 0: for ReLU (He et al., 2015)
  kDcgan,   ///< N(0, 0.02²), biases 0, scales N(1, 0.02²) (Radford, Metz and Chintala, 2016)
};

/// "fan_in", "glorot", "he", "dcgan". Throws Error, listing the names, if there is no such
/// initialisation.
Initialization initialization_by_name(std::string_view name);

/// How many inputs each output of a layer depends on, and how many outputs each input affects.
struct Fan {
  uint64_t in = 0;
  uint64_t out = 0;
};

Parameter weight_parameter(const std::string& name, const Shape& shape, Fan fan,
                           Initialization initialization);
Parameter bias_parameter(const std::string& name, uint32_t size, Fan fan,
                         Initialization initialization);
/// The scale of a normalisation.
Parameter scale_parameter(const std::string& name, uint32_t size, Initialization initialization);

}  // namespace pumice::nn
