#pragma once

#include "native/sweeps/sweep.h"

namespace pumice {

/// What the losses of a run measure on its data: "vae bce", "gan wasserstein". The losses of runs
/// that differ in it do not compare.
std::string loss_measure(const Recipe& recipe);

}  // namespace pumice
