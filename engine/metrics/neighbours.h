#pragma once

#include "engine/metrics/features.h"

namespace pumice::metrics {

struct Neighbour {
  uint32_t index = 0;   ///< row of `among`; ties go to the first
  double distance = 0;  ///< Euclidean, in feature space
};

/// The nearest row of `among` for each query. Generated samples at distance 0 from training
/// images have been memorized. Throws Error if sizes differ or `among` is empty.
std::vector<Neighbour> nearest_neighbours(const Features& queries, const Features& among);

}  // namespace pumice::metrics
