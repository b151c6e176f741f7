#pragma once

#include "engine/metrics/features.h"

namespace pumice::metrics {

/// How two sets of samples cover each other, where a set covers the balls that reach from each of
/// its samples to the sample's k-th neighbour in the set (the border excluded).
struct ManifoldComparison {
  double precision = 0;  ///< share of generated samples that the real ones cover
  double recall = 0;     ///< share of real samples that the generated ones cover
  double density = 0;    ///< real balls around a generated sample, divided by k; 1 for real samples
  double coverage = 0;   ///< share of real balls with a generated sample in them
};

/// Precision and recall of Kynkäänniemi et al. ("Improved precision and recall metric for assessing
/// generative models", 2019), density and coverage of Naeem et al. ("Reliable fidelity and
/// diversity metrics for generative models", 2020). k is 5, as Naeem et al. chose for all four and
/// their package `prdc` has it; Kynkäänniemi et al. took 3. Throws Error when sizes differ, or
/// either side has no more than k samples.
ManifoldComparison compare_manifolds(const Features& real, const Features& generated,
                                     uint32_t neighbours = 5);

}  // namespace pumice::metrics
