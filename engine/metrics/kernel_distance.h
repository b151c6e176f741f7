#pragma once

#include "engine/metrics/estimate.h"
#include "engine/metrics/features.h"

namespace pumice::metrics {

struct KernelDistanceOptions {
  uint32_t subsets = 100;
  uint32_t subset_size = 1000;  ///< from 2 to the number of samples of either set
  uint64_t seed = 1;            ///< selects the subsets
};

/// KID (Bińkowski et al., "Demystifying MMD GANs", 2018): the unbiased estimate (so it may be
/// negative) of the squared maximum mean discrepancy under the kernel (x·y / size + 1)³, on random
/// subsets of both sets: mean and deviation (np.std) over the subsets. The deviation means less the
/// more the subsets overlap. Throws Error if sizes differ or there are fewer samples than in a
/// subset.
Estimate kernel_distance(const Features& real, const Features& generated,
                         const KernelDistanceOptions& options = {});

}  // namespace pumice::metrics
