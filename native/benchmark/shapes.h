#pragma once

#include "engine/benchmark/workload.h"
#include "native/training/tuning.h"

/// What the programs of the benchmark multiply and convolve: see shapes_in.
namespace pumice::benchmark {

hal::Tuning::Wanted shapes_in_workload(const hal::Limits& limits, const Workload& workload);
/// In the recipe's precision. Nothing for a model that the device cannot train.
hal::Tuning::Wanted shapes_in_recipe(const hal::Limits& limits, const Recipe& recipe);
/// Those of kernel_cases().
hal::Tuning::Wanted shapes_in_kernels(const hal::Limits& limits);

}  // namespace pumice::benchmark
