#pragma once

#include "engine/benchmark/workload.h"
#include "native/training/tuning.h"

/// What the programs of the benchmark multiply and convolve: see shapes_in.
namespace pumice::benchmark {

hal::Tuning::Wanted shapes_in_workload(const hal::Limits& limits, const Workload& workload);
/// Nothing for a model that the device cannot train. Throws Error if there is no such recipe.
hal::Tuning::Wanted shapes_in_recipe(const hal::Limits& limits, const std::string& name_or_file);
/// Those of kernel_cases().
hal::Tuning::Wanted shapes_in_kernels(const hal::Limits& limits);

}  // namespace pumice::benchmark
