#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/benchmark/synthetic_training.h"

namespace pumice::benchmark {

/// Counts up when anything changes that a result depends on: a model in workload.cpp, the
/// synthetic images, the numbers of steps. Results of different versions cannot be compared.
inline constexpr int kWorkloadVersion = 1;

/// A training whose speed is the benchmark's headline. Never changes within a version.
struct Workload {
  std::string_view name;  ///< of the recipe that it was made from
  SyntheticModel model;
  uint32_t images = 0;               ///< in the synthetic data set
  uint32_t checked_steps = 0;        ///< whose losses are compared with the reference's
  std::vector<std::string> metrics;  ///< these losses
  /// Of the matrix products and convolutions of a step, per image of its batch: two for each
  /// product of a weight and a number, forward and backward.
  double flops_per_image = 0;
};

/// The two workloads, in the order of the results.
std::span<const Workload> workloads();

/// Throws Error, listing the names, if there is no such workload.
const Workload& workload_named(std::string_view name);

}  // namespace pumice::benchmark
