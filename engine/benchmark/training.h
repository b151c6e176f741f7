#pragma once

#include "engine/base/notify.h"
#include "engine/benchmark/ceilings.h"

namespace pumice::benchmark {

/// Trains a workload for about `seconds` and compares its first losses with the reference's: at
/// least two steps; the first is not timed. If memory does not suffice, halves the batch.
/// Reports to `notify` what a slow device will take. `flops_per_second`: the device's ceiling; 0 if
/// unknown.
TrainingResult measure_training(hal::Device& device, const Workload& workload, double seconds,
                                double flops_per_second, const Notify& notify);

/// Measures one workload after the other, each for an equal part of `seconds`. `begin`, unless it
/// is null, is called with the name of each before it starts.
std::vector<TrainingResult> measure_workloads(hal::Device& device,
                                              std::span<const Workload> workloads, double seconds,
                                              const Ceilings& ceilings, const Notify& notify,
                                              const Notify& begin = nullptr);

}  // namespace pumice::benchmark
