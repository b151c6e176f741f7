#pragma once

#include "engine/metrics/features.h"

namespace pumice::metrics {

/// How two sets of samples cover each other. A set covers the union of balls around its samples,
/// each reaching to the sample's k-th neighbour in the set (boundary excluded).
struct ManifoldComparison {
  double precision = 0;  ///< fraction of generated samples covered by the real set
  double recall = 0;     ///< fraction of real samples covered by the generated set
  double density = 0;  ///< mean of real balls around a generated sample, over k; 1 for real samples
  double coverage = 0;  ///< fraction of real balls that contain a generated sample
};

/// Precision and recall of Kynkäänniemi et al. ("Improved precision and recall metric for assessing
/// generative models", 2019), density and coverage of Naeem et al. ("Reliable fidelity and
/// diversity metrics for generative models", 2020). k is 5, as Naeem et al. chose for all four and
/// as in their package `prdc`; Kynkäänniemi et al. used 3. Throws Error if sizes differ, or if
/// either set has at most k samples.
ManifoldComparison compare_manifolds(const Features& real, const Features& generated,
                                     uint32_t neighbours = 5);

}  // namespace pumice::metrics
