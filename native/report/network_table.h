#pragma once

#include <string>

#include "engine/nn/vae.h"

namespace pumice::report {

/// The layers of both networks: their kind, the shape of their output, their parameters; the sum of
/// the parameters below.
std::string network_table(const nn::Vae& vae);

}  // namespace pumice::report
