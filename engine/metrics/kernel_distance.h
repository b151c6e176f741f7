#pragma once

#include "engine/metrics/estimate.h"
#include "engine/metrics/features.h"

namespace pumice::metrics {

struct KernelDistanceOptions {
  uint32_t subsets = 100;
  uint32_t subset_size = 1000;  ///< at least 2, and at most the samples on either side
  uint64_t seed = 1;            ///< chooses the subsets
};

/// KID (Bińkowski et al., "Demystifying MMD GANs", 2018): the squared maximum mean discrepancy
/// under the kernel (x·y / size + 1)³, estimated without bias (so it may be below 0) on random
/// subsets of both sides: mean and deviation (np.std) over the subsets, which says the less the
/// more of the samples each of them has. Throws Error when sizes differ or there are fewer samples
/// than a subset takes.
Estimate kernel_distance(const Features& real, const Features& generated,
                         const KernelDistanceOptions& options = {});

}  // namespace pumice::metrics
